#!/usr/bin/env bash
# Every figure, each against its peer in the same run; the joined table stands at the end. QUICK=1: smaller sizes.
# Status 1 where a bar was missed or a bench failed. One figure alone: .venv/bin/python bench/signing.py
set -u -o pipefail
cd "$(dirname "$0")/.."
said=$(mktemp)
trap 'rm -f "$said"' EXIT
status=0
for figure in roster_import roster_nation signing fsync_trace kill activity_rush coverage desk sign_page certificates assess clocks rules_start guidance_page guidance_quality intake reports flood inbox workbench find_person cases_board cases_nightly cases_replay; do
    echo "== $figure"
    if ! .venv/bin/python "bench/$figure.py" | tee -a "$said"; then
        status=1
    fi
done
echo
echo "| figure | ours | peer | ratio | bar | reached |"
echo "|---|---|---|---|---|---|"
grep '^| ' "$said" | grep -v '^| figure '
exit $status
