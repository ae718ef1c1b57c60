"""Exports of other systems to records: pure, nothing dropped, nothing invented."""
