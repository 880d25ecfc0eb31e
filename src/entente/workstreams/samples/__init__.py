"""Seized-drug samples and what laboratories found in them.

Serves the commitment of the joint statements of 2021 to 2024 that the RCMP shares samples of seized drugs with the DEA
for supplementary analysis. A result is a lead about a substance, never a statement about a person.
"""

from entente.workstreams.samples.readers import LAB_RESULT_CSV, SAMPLE_CSV
from entente.workstreams.samples.records import LAB_RESULT, SAMPLE
from entente.workstreams.shape import Workstream

WORKSTREAM = Workstream(name="samples", kinds=(SAMPLE, LAB_RESULT), readers=(SAMPLE_CSV, LAB_RESULT_CSV))
