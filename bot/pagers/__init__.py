# SPDX-License-Identifier: Apache-2.0
"""How staff are called by e-mail and by webhook; by telephone it is in `telephony/pager.py`."""
