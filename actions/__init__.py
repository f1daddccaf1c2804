# SPDX-License-Identifier: Apache-2.0
"""What Rasa asks us to do for a person: one module a feature."""
