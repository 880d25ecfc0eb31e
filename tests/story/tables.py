"""Tables in CBP's layout for the stories: every row is invented, every third one is of the northern border."""

import csv
import io

HEADER = "FY,Month (abbv),Component,Region,Land Filter,Area of Responsibility,Drug Type,Count of Event,Sum Qty (lbs)"
REGIONS = ("Northern Border", "Southwest Border", "Coastal/Interior")


def totals(first: int, rows: int, *, pounds: str = "1.25") -> bytes:
    """`rows` rows with offices numbered from `first`; a third of them, rounded up, is of the northern border."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(HEADER.split(","))
    for number in range(first, first + rows):
        region = REGIONS[(number - first) % 3]
        office = f"SIMULATED OFFICE {number}"
        writer.writerow((2025, "SEP", "Office of Field Operations", region, "Other", office, "Fentanyl", 1, pounds))
    return stream.getvalue().encode("utf-8")


def northern(rows: int) -> int:
    """How many of `rows` rows are of the northern border."""
    return -(-rows // 3)
