.PHONY: demo test docs golden bench

demo: ; sh tools/demo
test: ; sh tools/test
docs: ; .venv/bin/handoff docs
golden: ; UPDATE_GOLDEN=1 .venv/bin/pytest -q
bench:
	.venv/bin/python benchmarks/check_repository.py
	.venv/bin/python benchmarks/one_file_hook.py
	.venv/bin/python benchmarks/history.py
