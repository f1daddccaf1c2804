# SPDX-License-Identifier: Apache-2.0
"""What trains the understanding. Needs torch and transformers, which the service never does."""
