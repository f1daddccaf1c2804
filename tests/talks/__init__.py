# SPDX-License-Identifier: Apache-2.0
"""Whole talks of people nobody here wrote for: what they are asked, and what is noticed."""
