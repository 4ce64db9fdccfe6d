"""The peer of the roster import: django-import-export's default ModelResource, with one table on the database that ours is on.

`_peer_roster.py FILE ROWS FOLDER` reads a CSV file's first rows and imports them: into PostgreSQL where DATABASE_URL names
one, else into SQLite in the folder. Prints one JSON line.
"""

import csv
import json
import sys
import time
from itertools import islice
from pathlib import Path

import django
from _peer_page import database
from django.conf import settings

COLUMNS = {
    "NIP": "identifier", "Nama": "name", "Gelar Depan": "front_title", "Gelar Belakang": "back_title",
    "Status Kepegawaian": "employment", "Unit Kerja": "unit", "Kode Unit": "unit_code", "Unit Induk": "parent_unit",
    "Jabatan": "post", "Jenis Jabatan": "post_kind", "Eselon/Jenjang": "level", "Golongan": "grade",
    "Pimpinan Unit": "is_head", "Tanggal Lahir": "birth_on", "Jenis Kelamin": "sex", "TMT CPNS": "start_on",
    "Status": "status", "Email": "email", "HP": "phone",
}  # fmt: skip


def main(file: Path, rows: int, folder: Path) -> None:
    settings.configure(
        SECRET_KEY="a key of a bench",
        INSTALLED_APPS=["import_export"],
        DATABASES={"default": database(folder)},
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()
    from django.db import connection, models
    from import_export import resources
    from tablib import Dataset

    def text(length: int) -> models.CharField:
        return models.CharField(max_length=length, blank=True)

    dates = {"birth_on", "start_on"}
    fields = {name: text(200) for name in COLUMNS.values() if name not in dates | {"identifier"}}
    fields |= {name: models.DateField(null=True, blank=True) for name in dates}
    fields["identifier"] = models.CharField(max_length=40, unique=True)
    meta = type("Meta", (), {"app_label": "import_export"})
    employee = type("Employee", (models.Model,), {"__module__": __name__, "Meta": meta, **fields})
    with connection.schema_editor() as editor:
        editor.create_model(employee)
    own = type("Meta", (), {"model": employee, "import_id_fields": ("identifier",), "fields": tuple(COLUMNS.values())})
    resource = type("EmployeeResource", (resources.ModelResource,), {"Meta": own})()

    with file.open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source)
        # A row without a number has nothing by which this peer could find it again.
        numbered = (row for row in reader if row["NIP"])
        chosen = [[row[heading] for heading in COLUMNS] for row in islice(numbered, rows)]
    started, used = time.perf_counter(), time.process_time()
    result = resource.import_data(Dataset(*chosen, headers=list(COLUMNS.values())), raise_errors=True)
    seconds, used = time.perf_counter() - started, time.process_time() - used
    assert employee.objects.count() == len(chosen) == result.totals["new"]
    print(json.dumps({"rows": len(chosen), "seconds": seconds, "processor_seconds": used}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
