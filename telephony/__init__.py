# SPDX-License-Identifier: Apache-2.0
"""The telephone line: calls arrive from Twilio and become turns."""
