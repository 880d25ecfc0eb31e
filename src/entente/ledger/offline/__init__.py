"""`verify_log.py`: a verifier for those who have no Entente. It is shipped as a file and imports nothing of the house.

To hand it to an auditor: `importlib.resources.files("entente.ledger.offline") / "verify_log.py"`.
"""
