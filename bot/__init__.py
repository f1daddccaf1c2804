# SPDX-License-Identifier: Apache-2.0
"""Fingerpost: a service that answers victims of crime at any hour."""
