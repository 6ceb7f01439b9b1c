"""What Podium's work costs, beside its peers in the same run.

python -m benchmarks           run every benchmark there is
python -m benchmarks.NAME      run one; --json prints one object a line
"""
