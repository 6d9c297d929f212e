"""Hands in the payroll of a day: shows what would change; with --apply it takes effect.

    BAU_KEY=bau_... python examples/payroll_client.py payroll.csv --url https://.../api/v1

Needs nothing but Python. The table has the columns of examples/payroll.csv.
"""

import argparse
import csv
import json
import os
import sys
import time
import urllib.error
import urllib.request
from datetime import date


def call(url, method="GET", body=None):
    """The JSON of an address; a problem ends the program with what it says."""
    headers = {"Authorization": f"Bearer {os.environ['BAU_KEY']}", "Accept-Language": "en"}
    headers |= {"Content-Type": "application/json"} if body else {}
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(url, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        problem = json.load(error)
        reasons = [f"  {one['field']}: {one['message_en']}" for one in problem["errors"]]
        sys.exit("\n".join([f"{problem['code']}: {problem['title']}", *reasons]))


def read_people(path):
    """The rows as the API takes them: 17.05.1990 is 1990-05-17, and 3.400,00 is 3400.00."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            person = {name: text.strip() for name, text in row.items() if text and text.strip()}
            person["birth_date"] = "-".join(reversed(person["birth_date"].split(".")))
            person["pay"] = person["pay"].replace(".", "").replace(",", ".")
            yield person


def show(job):
    """A line for each change, then what all of it costs."""
    if job["problem"]:
        sys.exit(f"{job['problem']['code']}: {job['problem']['message_en']}")
    for one in job["result"]["notices"]:
        pay = " -> ".join(pay for pay in (one["pay_before"], one["pay"]) if pay)
        change = f"{one['personnel_number']:<12}{one['kind'] or '':<14}{one['effective'] or '':<12}"
        print(f"{change}{pay}".rstrip())
        for fault in one["errors"] + one["warnings"]:
            print(f"    {fault['message_en']}")
    effect = job["result"]["effect"]
    print(f"{effect['total']} EUR on the statement of {effect['month']}")


def main():
    """Hand in, show, and confirm or discard."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("payroll")
    parser.add_argument("--url", default="http://127.0.0.1:8000/api/v1")
    parser.add_argument("--as-of", default=date.today().isoformat())
    parser.add_argument("--apply", action="store_true", help="let it take effect")
    args = parser.parse_args()
    people = list(read_people(args.payroll))
    job = call(f"{args.url}/workforce", "PUT", {"as_of": args.as_of, "people": people})
    for step in ("", "confirm" if args.apply else "discard"):
        job = call(f"{args.url}/jobs/{job['id']}/{step}", "POST") if step else job
        while job["state"] in ("received", "confirmed"):
            time.sleep(2)
            job = call(f"{args.url}/jobs/{job['id']}")
        print(job["state"]) if step else show(job)


if __name__ == "__main__":
    main()
