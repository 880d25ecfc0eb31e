"""Seized-drug samples and what laboratories found in them.

Serves the commitment of the joint statements of 2021 to 2024 that the RCMP shares samples of seized drugs with the DEA
for supplementary analysis. A result is a lead about a substance, never a statement about a person.
"""

from entente.workstreams.samples.analyses import LAB_TEST_CSV, PROFILE_CSV
from entente.workstreams.samples.custody import CUSTODY_CSV, EXHIBIT_CSV, SUB_SAMPLE_CSV
from entente.workstreams.samples.questions import COMPOSITION, LINKS, PURITY, TOGETHER, TURNAROUND
from entente.workstreams.samples.readers import LAB_RESULT_CSV, SAMPLE_CSV
from entente.workstreams.samples.records import (
    CUSTODY_TRANSFER,
    EXHIBIT,
    LAB_RESULT,
    LAB_TEST,
    PROFILE_PEAK,
    SAMPLE,
    SUB_SAMPLE,
)
from entente.workstreams.shape import Workstream

WORKSTREAM = Workstream(
    name="samples",
    kinds=(SAMPLE, LAB_RESULT, EXHIBIT, SUB_SAMPLE, CUSTODY_TRANSFER, LAB_TEST, PROFILE_PEAK),
    readers=(SAMPLE_CSV, LAB_RESULT_CSV, EXHIBIT_CSV, SUB_SAMPLE_CSV, CUSTODY_CSV, LAB_TEST_CSV, PROFILE_CSV),
    questions=(LINKS, PURITY, TOGETHER, TURNAROUND, COMPOSITION),
)
