"""Nothing but the requests: every page by a thread a host over one kept connection, nothing read, nothing kept.

python -m benchmarks.crawlers.bare < addresses, one a line. No crawler that asks a host one thing at a time is faster.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from itertools import groupby
from urllib.parse import urlsplit


def fetch_all(host: str, paths: list[str]) -> None:
    """Fetch the paths of a host, one after the other."""
    connection = http.client.HTTPConnection(host)
    for path in paths:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        connection.getresponse().read()
    connection.close()


def main() -> None:
    """Print the seconds of wall clock and of processor it took."""
    urls = [urlsplit(line.strip()) for line in sys.stdin]
    by_host = [(host, [parts.path for parts in group]) for host, group in groupby(urls, key=lambda parts: parts.netloc)]
    threads = [threading.Thread(target=fetch_all, args=one) for one in by_host]
    began, busy = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"seconds": time.perf_counter() - began, "cpu": time.process_time() - busy}))


if __name__ == "__main__":
    main()
