"""The five programmes: every fact of their files is found on a page, or stands in the list of what a later part brings.

Each file is walked to its last value. `FOUND` says on which page of which role a fact is read and, where the page has it in
other words than the file (which is in English where it paraphrases), in which. `NOT_YET` names the part that brings
it. A fact that stands in neither list fails, and so does one that stands in both, or that is not on its page.
"""

import csv
import html
import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from ikrar.domain import days
from ikrar.domain.access import Role
from ikrar.domain.duties import Standing
from ikrar.domain.errors import ScenarioOutOfOrder
from ikrar.domain.pacts import State
from ikrar.domain.roster import AWAY, PostKind
from ikrar.records.models import (
    Activity,
    Agency,
    Body,
    Circular,
    Holding,
    Installation,
    Obligation,
    Office,
    OfficeLeave,
    PactRound,
    Placement,
    Region,
    RosterImport,
)
from ikrar.services import ceremonies, demo, demo_cases, desk, duties, installation, region_codes, regions, scenarios
from ikrar.web import context, messages
from tests.web import stage as stages
from tests.web.stage import MORNING, TODAY

pytestmark = pytest.mark.django_db

ALL = ("medan-2020", "sumut-2022", "sumut-2024", "bukittinggi-2024", "payakumbuh-2024")
LEAVE_RUNS = date(2020, 9, 28)


# --- which page --------------------------------------------------------------------------------------------------

Address = Callable[[], str]


def activity(title: str, page: str = "activity") -> Address:
    return lambda: reverse(page, args=[Activity.objects.get(title__startswith=title).pk])


def attendance(title: str, unit: str) -> Address:
    def address() -> str:
        held = Activity.objects.get(title=title)
        return reverse("attendance", args=[held.pk, held.agency.units.get(code=unit).pk])

    return address


def office(title: str) -> Address:
    return lambda: reverse("office", args=[Office.objects.get(title=title).pk])


def pact(title: str, page: str = "round") -> Address:
    return lambda: reverse(page, args=[PactRound.objects.get(title=title).pk])


def guidance(activity_id: str, on: str) -> Address:
    return lambda: f"{reverse('answer')}?kegiatan={activity_id}&status=pns&hubungan=none&hari={on}"


def plain(name: str, *arguments: object, query: str = "") -> Address:
    return lambda: f"{reverse(name, args=arguments)}{query}"


BUKITTINGGI, PAYAKUMBUH, MEDAN, SUMUT = (
    "officer-bukittinggi-2024", "officer-payakumbuh-2024", "officer-medan-2020", "officer-sumut-2024",
)  # fmt: skip
ASAHAN = "officer of 12.09"
MEETING, DECLARATION = (
    "Rapat Koordinasi Pengawasan Netralitas ASN, TNI, dan Polri",
    "Deklarasi Netralitas ASN dan Rapat",
)
SIGNING = "Penandatanganan Pakta Integritas"
HOLDERS_PACT = "Pakta Integritas Netralitas ASN pada Pemilu dan Pemilihan Serentak 2024"

# By name: who opens it (a part of the cast; nobody: without an account), and where it is.
PAGES: dict[str, tuple[str, Address]] = {
    "front": ("", plain("landing")),
    "who": ("", plain("ask-who", query="?kegiatan=vote&hari=2024-10-25")),
    "authorities": ("", plain("rulebook-authorities")),
    "calendar 13.75": ("", plain("calendar-region", "13.75")),
    "calendar 13.76": ("", plain("calendar-region", "13.76")),
    "calendar 12.71": ("", plain("calendar-region", "12.71")),
    "calendar 12": ("", plain("calendar-region", "12")),
    "b office": (BUKITTINGGI, office("Wali Kota Bukittinggi")),
    "b discussion": (BUKITTINGGI, activity("Persiapan Pelaksanaan Tahapan Pilkada 2024")),
    "b pact": (BUKITTINGGI, pact("Pakta Integritas Netralitas selama Pelaksanaan Pilkada")),
    "b siding": ("", guidance("support-a-candidate", "2024-10-07")),
    "b turnout": ("", guidance("neutral-turnout-appeal", "2024-10-07")),
    "b steering": ("", guidance("ask-for-votes", "2024-10-07")),
    "m office": (MEDAN, office("Wali Kota Medan")),
    "m secretary": (MEDAN, office("Sekretaris Daerah Kota Medan")),
    "m briefing": (MEDAN, activity("Pengarahan tentang Netralitas ASN")),
    "m present": (MEDAN, attendance("Pengarahan tentang Netralitas ASN", "12.71")),
    "m turnout": ("", guidance("neutral-turnout-appeal", "2020-09-23")),
    "m new duty": (MEDAN, plain("new-duty")),
    "m duties": (MEDAN, plain("duties", query="?keadaan=over")),
    "p office": (PAYAKUMBUH, office("Wali Kota Payakumbuh")),
    "p circular": (PAYAKUMBUH, lambda: reverse("circular", args=[Circular.objects.get(agency__code="13.76").pk])),
    "p desk": (PAYAKUMBUH, lambda: reverse("body", args=[Body.objects.get(kind="desk").pk])),
    "p task force": (PAYAKUMBUH, lambda: reverse("body", args=[Body.objects.get(kind="task_force").pk])),
    "p roll-call": (PAYAKUMBUH, activity("Apel Netralitas ASN")),
    "p meeting": (PAYAKUMBUH, activity(MEETING)),
    "p present": (PAYAKUMBUH, attendance(MEETING, "SETDA")),
    "p present all": (PAYAKUMBUH, attendance(MEETING, "13.76")),
    "p pact": (PAYAKUMBUH, pact("Pakta Integritas Netralitas ASN")),
    "p coverage": (
        PAYAKUMBUH,
        lambda: reverse(
            "coverage-unit",
            args=[
                PactRound.objects.get(title="Pakta Integritas Netralitas ASN").pk,
                Agency.objects.get(code="13.76").units.get(parent=None).pk,
            ],
        ),
    ),
    "s22 signing": (SUMUT, activity(SIGNING)),
    "s22 ceremony": (SUMUT, activity(SIGNING, "ceremony")),
    "s22 minutes": (SUMUT, activity(SIGNING, "minutes")),
    "s22 pact": (SUMUT, pact(HOLDERS_PACT, "office-round")),
    "s24 office": (SUMUT, office("Gubernur Sumatera Utara")),
    "s24 regent": (ASAHAN, office("Bupati Asahan")),
    "s24 letter": (SUMUT, lambda: reverse("circular", args=[Circular.objects.get(agency__code="12").pk])),
    "s24 declaration": (SUMUT, activity(DECLARATION)),
    "s24 pact": (SUMUT, pact("Ikrar Netralitas ASN")),
    "s24 below": ("province_officer", plain("below")),
}

# --- which facts -------------------------------------------------------------------------------------------------

Where = str | tuple[str, ...]  # a page, and the words on it where they are not the file's own

_REGIONAL_2024 = "Pemilihan serentak nasional 2024"
FOUND: dict[str, dict[str, Where]] = {
    "bukittinggi-2024": {
        "id": ("front", "officer-bukittinggi-2024"),
        "region.code": "calendar 13.75",
        "region.name": "front",
        "region.province_code": ("calendar 13.75", "Sumatera Barat (13)"),
        "election.name": "front",
        "election.kind": ("calendar 13.75", _REGIONAL_2024),
        "election.candidate_pairs": ("calendar 13.75", "4 pasangan calon"),
        "election.voters": ("calendar 13.75", "97.517 pemilih"),
        "election.polling_stations": ("calendar 13.75", "206 TPS"),
        "election.stages[0].id": ("calendar 13.75", "Kampanye (60 hari)"),
        "election.stages[0].from": ("calendar 13.75", "Kampanye (60 hari) 25 September 2024 23 November 2024"),
        "election.stages[0].to": ("calendar 13.75", "Kampanye (60 hari) 25 September 2024 23 November 2024"),
        "election.stages[1].id": ("calendar 13.75", "Masa tenang"),
        "election.stages[1].from": ("calendar 13.75", "Masa tenang 24 November 2024 26 November 2024"),
        "election.stages[1].to": ("calendar 13.75", "Masa tenang 24 November 2024 26 November 2024"),
        "election.stages[2].id": ("calendar 13.75", "Pemungutan suara"),
        "election.stages[2].from": ("calendar 13.75", "Pemungutan suara 27 November 2024 27 November 2024"),
        "election.stages[2].to": ("calendar 13.75", "Pemungutan suara 27 November 2024 27 November 2024"),
        "offices[0].id": ("b office", "Wali Kota Bukittinggi"),
        "offices[0].title": "b office",
        "offices[0].role": ("b office", "Pejabat pembina kepegawaian"),
        "offices[0].capacity": ("b office", "Sekarang: Pjs."),
        "events[0].id": ("b discussion", "Persiapan Pelaksanaan Tahapan Pilkada 2024"),
        "events[0].kind": ("b discussion", "Diskusi kelompok terpumpun (FGD)"),
        "events[0].title": "b discussion",
        "events[0].date": "b discussion",
        "events[0].place": "b discussion",
        "events[0].led_by": ("b discussion", "Dipimpin oleh Wali Kota Bukittinggi"),
        "events[0].attended_by[0]": ("b discussion", "Forkopimda Kota Bukittinggi · datang"),
        "events[0].attended_by[1]": ("b discussion", "KPU Kota Bukittinggi · datang"),
        "events[0].attended_by[2]": ("b discussion", "Bawaslu Kota Bukittinggi · datang"),
        "events[0].attended_by[3]": ("b discussion", "Para kepala unit di Pemerintah Kota Bukittinggi"),
        "pacts[0].id": ("b pact", "Pakta Integritas"),
        "pacts[0].title": "b pact",
        "pacts[0].signatories": ("b pact", "Wajib CPNS, PNS, PPPK"),
        # Both days between which it was signed lie before; each signature has its own.
        "pacts[0].signed_before": ("b pact", "Terbit 23 September 2024", "4 Oktober 2024"),
        "guidance[0].act": ("b siding", "Mendukung atau berpihak kepada salah satu calon"),
        "guidance[0].verdict": ("b siding", "Tidak boleh"),
        "guidance[0].note": ("b siding", "Dilarang bagi Anda pada hari itu"),
        "guidance[1].act": ("b turnout", "Mengajak warga memakai hak pilih"),
        "guidance[1].verdict": ("b turnout", "Boleh"),
        "guidance[1].note": ("b turnout", "Silakan."),
        "guidance[2].act": ("b steering", "warga memilih calon tertentu"),
        "guidance[2].verdict": ("b steering", "Tidak boleh"),
        "neutrality_applies_to[0]": ("who", "PNS CPNS PPPK"),
        "neutrality_applies_to[1]": ("who", "Honorer, tenaga kontrak, atau pegawai non-ASN lain"),
    },
    "medan-2020": {
        "id": ("front", "officer-medan-2020"),
        "region.code": "calendar 12.71",
        "region.name": "front",
        "region.province_code": ("calendar 12.71", "Sumatera Utara (12)"),
        "election.name": "front",
        "election.kind": ("calendar 12.71", "Pemilihan serentak 2020"),
        "election.voting_day": ("calendar 12.71", "Pemilihan serentak 2020 Pemungutan suara: 9 Desember 2020"),
        "offices[0].id": ("m office", "Wali Kota Medan"),
        "offices[0].title": "m office",
        "offices[0].role": ("m office", "Pejabat pembina kepegawaian"),
        "offices[0].capacity": ("m office", "Plt."),
        "offices[0].note": ("m office", "Plt. Cuti kampanye 25 September 2020"),
        "offices[1].id": ("m secretary", "Sekretaris Daerah Kota Medan"),
        "offices[1].title": "m secretary",
        "offices[2].id": ("m new duty", "Pimpinan OPD"),
        "offices[2].title": "m new duty",
        "offices[2].plural": ("m new duty", "Pimpinan OPD (25)"),
        "offices[3].id": ("m new duty", "Camat"),
        "offices[3].title": "m new duty",
        "offices[3].plural": ("m new duty", "Camat (21)"),
        "events[0].id": ("m briefing", "Pengarahan tentang Netralitas ASN"),
        "events[0].kind": ("m briefing", "Pengarahan · Selesai"),
        "events[0].title": "m briefing",
        "events[0].date": "m briefing",
        "events[0].place": "m briefing",
        "events[0].led_by": ("m briefing", "Dipimpin oleh Wali Kota Medan"),
        "events[0].audience[0]": ("m present", "Kepala Dinas Pendidikan"),
        "events[0].audience[1]": ("m present", "Camat Medan Tuntungan"),
        "events[0].points[0]": ("m briefing", "Setiap pegawai ASN di kota ini netral sampai hari pemungutan suara"),
        "events[0].points[1]": ("m briefing", "memakai hak pilihnya dengan bebas, menurut hati nurani"),
        "events[0].points[2]": ("m briefing", "Penyelenggara, pengawas, dan penegak hukum pemilihan terikat netralitas"),
        "events[0].points[3]": ("m briefing", "mempunyai hak pilih dan tidak boleh ikut politik praktis"),
        "guidance[0].act": ("m turnout", "Mengajak warga memakai hak pilih"),
        "guidance[0].verdict": ("m turnout", "Boleh"),
        "guidance[0].note": ("m turnout", "PNS; tidak berhubungan dengan calon"),
        "leaves[0].office": ("m office", "Wali Kota Medan"),
        "leaves[0].kind": ("m office", "Cuti kampanye"),
        "leaves[0].from": ("m office", "Cuti kampanye 25 September 2020"),
        "leaves[0].note": ("m office", "Para pejabat diberi pengarahan sebelum cuti dimulai"),
        "duties_during_leave[0].owner": ("m duties", "Kecamatan Medan Tuntungan"),
        "duties_during_leave[0].duty": ("m duties", "Terus memantau genangan air di kecamatan selama musim hujan"),
        "duties_during_leave[1].owner": ("m duties", "Kecamatan Medan Tuntungan"),
        "duties_during_leave[1].duty": ("m duties", "petugas P3SU sepenuhnya dan memeriksa setiap saluran drainase"),
        "duties_during_leave[2].owner": ("m duties", "Dinas Pendidikan"),
        "duties_during_leave[2].duty": ("m duties", "Meneruskan pekerjaan yang sudah diputuskan"),
    },
    "payakumbuh-2024": {
        "id": ("front", "officer-payakumbuh-2024"),
        "region.code": "calendar 13.76",
        "region.name": "front",
        "region.province_code": ("calendar 13.76", "Sumatera Barat (13)"),
        "election.name": "front",
        "election.kind": ("calendar 13.76", _REGIONAL_2024),
        "election.voting_day": "calendar 13.76",
        "election.note": ("calendar 13.76", "lebih banyak daripada di daerah lain di Sumatera Barat", "kerawanannya"),
        "circulars[0].id": ("p circular", "Surat edaran nomor"),
        "circulars[0].title": ("p circular", "Surat edaran nomor", "Netralitas ASN", "Wali Kota Payakumbuh"),
        "circulars[0].issued_by": ("p circular", "Wali Kota Payakumbuh"),
        "circulars[0].delivered_to": ("p circular", "Status kepegawaian CPNS, PNS, PPPK", "Pemerintah Kota Payakumbuh"),
        "circulars[0].stresses": ("p circular", "netralitas pada setiap tahapan pemilihan"),
        "bodies[0].id": ("p desk", "Desk Pemilu"),
        "bodies[0].title": "p desk",
        "bodies[0].task": ("p desk", "Memantau agar pemilihan berjalan menurut aturan"),
        "bodies[1].id": ("p task force", "Satuan tugas"),
        "bodies[1].title": "p task force",
        "bodies[1].task": ("p task force", "Memantau dan menangani setiap pelanggaran netralitas oleh pegawai ASN"),
        "bodies[1].works_with": ("p task force", "bersama Tim Desk Pemilu"),
        "events[0].id": ("p roll-call", "Apel Netralitas ASN"),
        "events[0].kind": ("p roll-call", "Apel · Selesai"),
        "events[0].title": "p roll-call",
        "events[0].date": "p roll-call",
        "events[1].id": ("p meeting", "Rapat Koordinasi Pengawasan"),
        "events[1].kind": ("p meeting", "Rapat koordinasi ·"),
        "events[1].title": "p meeting",
        "events[1].date": "p meeting",
        "events[1].place": "p meeting",
        "events[1].organised_by": ("p meeting", "Penyelenggara Bawaslu Kota Payakumbuh"),
        "events[1].purpose": ("p meeting", "Sinergi pemerintah kota, Bawaslu, Forkopimda, TNI, dan Polri"),
        # The roster has their full titles; it does not know who acts for an assistant.
        "events[1].attended_by[0]": ("p present", "Asisten Perekonomian dan Pembangunan"),
        "events[1].attended_by[1]": ("p present", "Asisten Administrasi Umum"),
        "events[1].attended_by[2]": ("p meeting", "TNI · datang"),
        "events[1].attended_by[3]": ("p meeting", "Polri · datang"),
        "events[1].attended_by[4]": ("p present all", "Kepala Dinas Pendidikan"),
        "events[1].attended_by[5]": ("p present all", "Camat Payakumbuh"),
        "events[1].attended_by[6]": ("p meeting", "Komisioner Bawaslu Kota Payakumbuh · datang"),
        "pacts[0].id": ("p pact", "Pakta Integritas"),
        "pacts[0].title": "p pact",
        "pacts[0].signatories": ("p pact", "Wajib CPNS, PNS, PPPK"),
        "pacts[0].form": ("p coverage", "Dinas Pendidikan", "Inspektorat"),
        "pacts[0].since": ("p pact", "Terbit 23 September 2024"),
        "neutrality_applies_to[0]": ("who", "PNS CPNS PPPK"),
        "neutrality_applies_to[1]": ("who", "Anggota TNI"),
        "neutrality_applies_to[2]": ("who", "Anggota Polri"),
        "offices[0].id": ("p office", "Wali Kota Payakumbuh"),
        "offices[0].title": "p office",
        "offices[0].role": ("p office", "Pejabat pembina kepegawaian"),
    },
    "sumut-2022": {
        "id": ("front", "officer-sumut-2022"),
        "region.code": ("calendar 12", "Kode wilayah Kemendagri: 12"),
        "region.name": "front",
        "election.name": "front",
        "election.kind": ("calendar 12", _REGIONAL_2024, "Pemilihan Umum 2024"),
        "offices[0].id": ("s22 signing", "Gubernur Sumatera Utara"),
        "offices[0].title": "s22 signing",
        "offices[0].role": ("s22 signing", "Dipimpin oleh Gubernur Sumatera Utara"),
        "offices[1].id": ("s22 pact", "pakta pemegang jabatan"),
        "offices[1].title": ("s22 pact", "Bupati Asahan", "Wali Kota Binjai"),
        "offices[1].plural": ("s22 pact", "33 jabatan dengan tanda tangan yang berlaku dari 33"),
        "offices[1].role": ("s22 ceremony", "33 orang sudah menandatangani di acara ini"),
        "offices[2].id": ("s22 signing", "Kepala Dinas Kominfo"),
        "offices[2].title": "s22 signing",
        "offices[2].role": ("s22 minutes", "Bupati Asahan didampingi Kepala Dinas Kominfo Kabupaten Asahan"),
        "pacts[0].id": ("s22 pact", "Pakta Integritas"),
        "pacts[0].title": "s22 pact",
        "pacts[0].date": "s22 pact",
        "pacts[0].place": "s22 signing",
        "pacts[0].led_by": ("s22 signing", "Dipimpin oleh Gubernur Sumatera Utara"),
        "pacts[0].signatories": (
            "s22 pact", "33 jabatan", "Bupati Asahan Pemerintah Kabupaten Asahan (nama tidak dicatat) Definitif"
            " Ditandatangani dan disaksikan, berlaku (5 Desember 2022)",
        ),
        "pacts[0].witnesses[0]": ("s22 signing", "Ketua Bawaslu Sumut (saksi) · datang"),
        "pacts[0].witnesses[1]": ("s22 signing", "Ketua KPU Sumut (saksi) · datang"),
        "pacts[0].witnesses[2]": ("s22 signing", "Pimpinan partai politik (saksi) · datang"),
        "pacts[0].witnesses[3]": (
            "s22 ceremony", "Kapolda, Polda Sumut (nama tidak dicatat) hadir", "ditandatangani (nama tidak dicatat) sesudah 33 orang",
        ),
        "pacts[0].witnesses[4]": ("s22 signing", "Perwakilan Forkopimda (saksi) · datang"),
        "pacts[0].purpose[0]": ("s22 pact", "menjaga integritas dan netralitas bersama-sama pada kedua pemilihan"),
        "pacts[0].purpose[1]": ("s22 pact", "tidak menarik pegawai ASN ke dalam kegiatan politik"),
        "pacts[0].legal_basis[0]": ("s22 pact", "Dasar: UU 5/2014"),
        "pacts[0].duties_of_civil_servants[0]": ("s22 pact", "melayani masyarakat"),
        "pacts[0].duties_of_civil_servants[1]": ("s22 pact", "melaksanakan kebijakan publik"),
        "pacts[0].duties_of_civil_servants[2]": (
            "s22 pact", "dari undang-undang dasar sampai peraturan daerah dan peraturan kepala daerah",
        ),
        "follow_up[0]": ("s22 minutes", "Kepala daerah terus mengingatkan pegawai ASN sampai pemilihan selesai"),
    },
    "sumut-2024": {
        "id": ("front", "officer-sumut-2024"),
        "region.code": ("calendar 12", "Kode wilayah Kemendagri: 12"),
        "region.name": "front",
        "region.regencies_and_cities": ("s24 below", "33 instansi di bawah menerimanya"),
        "election.name": "front",
        "election.kind": ("calendar 12", _REGIONAL_2024),
        "election.voting_day": "calendar 12",
        "offices[0].id": ("s24 office", "Gubernur Sumatera Utara"),
        "offices[0].title": "s24 office",
        "offices[0].role": ("s24 office", "Pejabat pembina kepegawaian"),
        "offices[0].capacity": ("s24 office", "Sekarang: Pj."),
        "offices[1].id": ("s24 regent", "Bupati"),
        "offices[1].title": ("s24 regent", "Bupati Asahan Pemerintah Kabupaten Asahan · Kepala daerah"),
        "offices[1].plural": ("s24 below", "33 instansi di bawah"),
        "offices[1].role": ("s24 regent", "Pejabat pembina kepegawaian"),
        "offices[2].id": ("s24 declaration", "Badan Kesatuan Bangsa dan Politik"),
        "offices[2].title": "s24 declaration",
        "offices[2].role": ("s24 declaration", "Penyelenggara Badan Kesatuan Bangsa dan Politik"),
        "circulars[0].id": ("s24 letter", "Surat imbauan nomor"),
        "circulars[0].title": ("s24 letter", "Surat imbauan nomor", "Netralitas ASN pada Pilkada"),
        "circulars[0].date": "s24 letter",
        "circulars[0].issued_by": ("s24 letter", "Gubernur Sumatera Utara"),
        "circulars[0].scope": ("s24 letter", "34 instansi", "Pemerintah Provinsi Sumatera Utara", "Pemerintah Kota Medan"),
        "circulars[0].content[0]": (
            "s24 letter",
            "Tidak berkampanye secara aktif untuk pasangan calon mana pun pada pemilihan gubernur serta pemilihan bupati dan wali kota",
        ),
        "events[0].id": ("s24 declaration", "Deklarasi Netralitas ASN"),
        "events[0].kind": ("s24 declaration", "Deklarasi · Selesai"),
        "events[0].title": "s24 declaration",
        "events[0].date": "s24 declaration",
        "events[0].place": "s24 declaration",
        "events[0].organised_by": ("s24 declaration", "Penyelenggara Badan Kesatuan Bangsa dan Politik"),
        "events[0].read_by": ("s24 declaration", "dibacakan oleh perwakilan pegawai ASN dari perangkat daerah"),
        "events[0].attended_by[0]": ("s24 declaration", "Kejati Sumut · datang"),
        "events[0].attended_by[1]": ("s24 declaration", "Polda Sumut · datang"),
        "events[0].attended_by[2]": ("s24 declaration", "Danlanud · datang"),
        "events[0].attended_by[3]": ("s24 declaration", "Danlantamal · datang"),
        "events[0].attended_by[4]": ("s24 declaration", "KPU Sumut · datang"),
        "events[0].attended_by[5]": ("s24 declaration", "Bawaslu Sumut · datang"),
        "events[0].attended_by[6]": ("s24 declaration", "BIN · datang"),
        "events[0].attended_by[7]": ("s24 declaration", "Kepala daerah kabupaten dan kota se-Sumatera Utara · datang"),
        "events[0].attended_by[8]": (
            "s24 declaration", "Forkopimda Sumut · datang", "Forkopimda kabupaten dan kota · datang",
        ),
        "pacts[0].id": ("s24 pact", "Ikrar Netralitas ASN"),
        "pacts[0].title": "s24 pact",
        "pacts[0].date": "s24 pact",
        "pacts[0].points[0]": (
            "s24 pact", "prinsip netralitas di instansi saya dalam melayani masyarakat, sebelum, selama, dan sesudah pemilihan",
        ),
        "pacts[0].points[1]": (
            "s24 pact", "menghindari benturan kepentingan, tidak mengintimidasi dan tidak mengancam", "tidak memihak pasangan calon",
        ),
        "pacts[0].points[2]": (
            "s24 pact", "memakai media sosial dengan bijak, tanpa ujaran kebencian dan tanpa berita bohong",
        ),
        "pacts[0].points[3]": ("s24 pact", "menolak politik uang dan segala jenis pemberian dalam bentuk apa pun"),
        "sanction_rule": ("authorities", "Disiplin PNS", "ringan, sedang, berat", "PPK"),
    },
}  # fmt: skip

# The parts of the product that are still to come.
PARTS = {
    "4": "reports: where anybody tells a body of his choice about a breach",
    "6": "cases: who decides about whom, tied to the holders of offices",
    "desk": "the desk and the public page: situation day by day, appeals to citizens",
}
NOT_YET: dict[str, dict[str, str]] = {
    "bukittinggi-2024": {
        **{f"appeals_to_citizens[{number}]": "desk" for number in range(4)},
        **{f"situation[0].{name}": "desk" for name in ("date", "political", "social", "cultural", "summary")},
    },
    "medan-2020": {},
    "payakumbuh-2024": {f"situation[0].{name}": "desk" for name in ("date", "summary", "by")},
    "sumut-2022": {"follow_up[1]": "4"},
    "sumut-2024": {"offices[0].sanctions": "6", "offices[1].sanctions": "6"},
}


def leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Walk a document to its last values, each with its path: `events[0].attended_by[2]`."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{place}]")
    else:
        yield path, value


def facts(scenario: str) -> dict[str, object]:
    document = scenarios.read(scenario)
    return dict(leaves({name: value for name, value in document.items() if name != "synthetic"}))


def words_of(scenario: str, path: str) -> list[str]:
    """What must stand on the page of a fact: the words that the table gives, else the fact itself as pages write it."""
    where = FOUND[scenario][path]
    if isinstance(where, tuple):
        return list(where[1:])
    value = facts(scenario)[path]
    return [days.in_words(value) if isinstance(value, date) else str(value)]


def page_of(scenario: str, path: str) -> str:
    where = FOUND[scenario][path]
    return where[0] if isinstance(where, tuple) else where


# --- what is played ----------------------------------------------------------------------------------------------

_FEWER = 0.34  # the two cities have thousands: a third of them tells the same facts


@pytest.fixture(scope="module")
def fewer_people():
    """Let the cities have fewer invented people; the rest of each file is as it is."""
    read = scenarios.read

    def smaller(scenario: str):
        document = read(scenario)
        people = document["synthetic"]["people"]
        if people["count"] > 1000:
            parts = {name: round(people[name] * _FEWER) for name in ("pns", "cpns", "pppk", "contract")}
            people |= parts | {"count": sum(parts.values())}
        if below := document["synthetic"].get("below", {}).get("people"):
            below["count"] = [40, 48]
        return document

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scenarios, "read", smaller)
        patch.setattr(regions, "load", two_provinces)
        yield


def two_provinces() -> None:
    """Load the regions of the two provinces alone: all of the country's take as long as a programme."""
    for level, parent in regions._LEVELS:
        with (regions._FOLDER / f"{level}.csv").open(encoding="utf-8", newline="") as file:
            Region.objects.bulk_create(
                Region(
                    code=row["code"], name=region_codes.written(row["name"]), parent_id=row[parent] if parent else None
                )
                for row in csv.DictReader(file)
                if row["code"][:2] in ("12", "13")
            )


@pytest.fixture(scope="module")
def empty_demo(stage_home, fewer_people, django_db_setup, django_db_blocker):
    """A demo into which nothing was loaded yet; whatever a test does is rolled back to it."""
    with django_db_blocker.unblock(), stages.settings_in(stage_home), stages.kept_open():
        with stages.one_morning():
            demo.load([], today=TODAY, now=MORNING, tell=_quiet)
        yield


@pytest.fixture(scope="module")
def loaded(empty_demo, django_db_blocker):
    """All five programmes on 25 October 2024."""
    with stages.one_morning():
        demo.load(ALL, today=TODAY, now=MORNING, tell=_quiet)
        regent = scenarios.officer_of(Agency.objects.get(code="12.09"), Role.PROGRAMME_OFFICER, MORNING)
    yield {ASAHAN: regent}


def _quiet(_line: str) -> None:
    pass


@pytest.fixture
def five(loaded, db):
    context.forget()
    return loaded


def browser(part: str, others: dict) -> Client:
    """Return the browser of a part of the cast, entered by its one click; of nobody where none is named."""
    if part in others:
        return stages.browser(others[part])
    client = Client()
    if part:
        assert client.post(reverse("demo-step-in"), {"part": part}).status_code == 302
    return client


def text_of(page: str) -> str:
    """What a reader sees, in one line; the names of buttons' values with it."""
    values = " ".join(re.findall(r'name="part" value="([^"]+)"', page))
    shown = re.sub(r"<(script|style).*?</\1>", " ", page, flags=re.S)
    line = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())
    return re.sub(r" (?=[:;,.])", "", line).casefold() + values


# --- each by itself: before all five are loaded --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scenario", "today"),
    [("medan-2020", date(2020, 9, 10)), ("medan-2020", date(2020, 10, 1)), ("sumut-2022", date(2022, 12, 5)),
     ("sumut-2024", date(2024, 10, 23)), ("payakumbuh-2024", date(2024, 10, 14)),
     ("bukittinggi-2024", date(2024, 10, 2))],
)  # fmt: skip
def test_each_alone_is_a_demo_of_its_own_day(empty_demo, db, scenario, today):
    demo.load([scenario], today=today, now=MORNING, tell=_quiet)
    context.forget()
    assert installation.the_one().demo_today == today
    parts = {part.key for part in demo.cast()}
    assert {"civil_servant", "unit_head", "programme_officer", "auditor", "administrator"} <= parts
    assert ("province_officer" in parts) == scenario.startswith("sumut")
    assert ("acting_head" in parts) == ((scenario, today) != ("medan-2020", date(2020, 9, 10)) and scenario not in (
        "sumut-2022", "payakumbuh-2024"))  # fmt: skip
    for part in (*sorted(parts), f"officer-{scenario}"):
        assert browser(part, {}).get(reverse("home")).status_code == 200
    page = text_of(Client().get(reverse("landing")).content.decode())
    assert f"officer-{scenario}" in page and scenarios.read(scenario)["election"]["name"].casefold() in page


@pytest.mark.parametrize(
    ("scenario", "today"),
    [("payakumbuh-2024", date(2024, 10, 26)), ("bukittinggi-2024", date(2024, 11, 27))],
)
def test_on_a_day_after_all_of_it_nothing_of_an_activity_is_left_to_write(empty_demo, db, scenario, today):
    demo.load([scenario], today=today, now=MORNING, tell=_quiet)
    called = scenarios.read(scenario)["synthetic"]["activities"]
    held = Activity.objects.filter(agency__code=scenarios.read(scenario)["region"]["code"])
    assert held.count() == len(called) and not held.filter(minutes="").exists()
    assert not held.filter(minutes_at=None).exists()


# --- facts -------------------------------------------------------------------------------------------------------


def test_the_five_files_are_the_five_scenarios_in_the_order_in_which_they_happened():
    assert tuple(scenarios.known()) == ALL
    assert FOUND.keys() == NOT_YET.keys() == set(ALL)


@pytest.mark.parametrize("scenario", ALL)
def test_no_fact_of_a_file_is_forgotten(scenario):
    told = facts(scenario).keys()
    found, later = FOUND[scenario].keys(), NOT_YET[scenario].keys()
    assert told - found - later == set(), "in neither list"
    assert (found | later) - told == set(), "no fact of the file"
    assert found & later == set(), "found, and not yet"
    assert set(NOT_YET[scenario].values()) <= PARTS.keys()


def test_every_page_of_the_table_is_one_on_which_a_fact_is_read():
    used = {page_of(scenario, path) for scenario in ALL for path in FOUND[scenario]}
    assert used == PAGES.keys()


@pytest.mark.parametrize("page", PAGES)
def test_the_facts_are_found_on_their_page(five, page):
    part, address = PAGES[page]
    answered = browser(part, five).get(address())
    assert answered.status_code == 200, answered
    shown = text_of(answered.content.decode())
    missing = [
        (scenario, path, words)
        for scenario in ALL
        for path in FOUND[scenario]
        if page_of(scenario, path) == page
        for words in words_of(scenario, path)
        if words.casefold() not in shown
    ]
    assert missing == [], shown


# --- how they live together --------------------------------------------------------------------------------------


def test_the_programmes_of_one_region_meet_in_one_agency(five):
    assert Agency.objects.exclude(code=demo_cases.CODE).count() == 1 + 33 + 2
    assert Agency.objects.filter(parent__code="12").count() == 33
    for code in ("12", "12.71"):
        assert RosterImport.objects.filter(agency__code=code).count() == 1
    medan = Office.objects.get(agency__code="12.71", title="Wali Kota Medan")
    assert [each.capacity for each in medan.holdings.order_by("from_at")] == ["plt", "pjs", "definitive"]


def test_who_held_a_real_office_is_told_nowhere(five):
    of_real_offices = Holding.objects.exclude(office__agency__code=demo_cases.CODE)
    held = {holding.name for holding in of_real_offices.select_related("person")}
    assert held == {"", scenarios.UNNAMED, scenarios.UNNAMED_STAND_IN}


def test_nobody_who_holds_a_post_alone_looks_late(five):
    """Their posts are real: nobody shall read that such an office was late in one of these programmes."""
    alone = Placement.objects.current().exclude(status__in=AWAY).filter(is_head=True)
    alone |= Placement.objects.current().exclude(status__in=AWAY).filter(post_kind=PostKind.STRUCTURAL)
    people = alone.values("person")
    due = Obligation.objects.filter(pact_round__due_on__lt=TODAY, person__in=people, office=None)
    assert due.count() > 100 and not due.exclude(state=State.SIGNED).exists()
    for circular in Circular.objects.filter(due_on__lt=TODAY):
        assert not circular.readers.filter(person__in=people, acknowledged_at=None).exists()
    for pact_round in PactRound.objects.filter(for_offices=True):
        assert all(seat.valid for seat in ceremonies.seats(pact_round))
    for agency in Agency.objects.filter(duties__isnull=False).distinct():
        parts = duties.with_missed(duties.parts(duties.of_agency(agency), agency))
        assert parts and not any(part.progress.missed for part in parts)


def test_the_leave_runs_on_its_days_and_the_acting_head_has_what_goes_on(five):
    demo.move_day(LEAVE_RUNS)
    context.forget()
    acting = browser("acting_head", five)
    shown = text_of(acting.get(reverse("my-duties")).content.decode())
    assert "pjs. wali kota medan (sampai 6 desember 2020" in shown
    assert "yang terus berjalan di pemerintah kota medan terlambat 0 menunggu 67" in shown, shown
    leave = OfficeLeave.objects.get()
    sheet = text_of(acting.get(reverse("my-hand-over", args=[leave.pk])).content.decode())
    assert "wali kota medan cuti mulai 25 september 2020" in sheet
    for duty in scenarios.read("medan-2020")["synthetic"]["duties"]:
        assert duty["text"].casefold() in sheet
    officer = text_of(browser(MEDAN, five).get(office("Wali Kota Medan")()).content.decode())
    assert "sekarang: pjs." in officer and "cuti kampanye: plt." in officer
    medan = leave.holding.office.agency
    assert {part.progress.standing for part in duties.parts(duties.of_agency(medan), medan)} == {Standing.DUE}


@pytest.mark.parametrize("day", [date(2020, 9, 22), date(2020, 9, 24), LEAVE_RUNS])
def test_on_its_own_day_medans_desk_asks_for_nothing_of_later_years_and_nothing_that_nobody_has(five, day):
    """The demo's day is set back to the programme of 2020, though those of 2022 and 2024 are loaded as well."""
    demo.move_day(day)
    context.forget()
    medan = Agency.objects.get(name="Pemerintah Kota Medan")
    now = desk.of_agency(medan)
    assert not now.is_empty and now.today == day and not now.rounds
    assert {line.kind for line in now.lines} <= {desk.Kind.DUTY, desk.Kind.ACTIVITY}
    assert all(line.due_on and line.due_on.year == 2020 and not line.late for line in now.lines)
    assert not [part for part in duties.parts(duties.of_agency(medan), medan) if part.holder is None]
    assert not desk.decisions_of(Agency.objects.get(name="Pemerintah Provinsi Sumatera Utara"))
    shown = text_of(browser(MEDAN, five).get(reverse("home")).content.decode())
    assert "2024" not in shown and "ikrar netralitas asn" not in shown


def test_the_province_sees_numbers_of_the_33_and_nobody_of_them(five):
    page = browser("province_officer", five).get(reverse("below")).content.decode()
    assert page.count("Pemerintah Kabupaten") == 25 and page.count("Pemerintah Kota") == 8
    below = Placement.objects.current().filter(unit__agency__parent__code="12").select_related("person")
    assert not [each for each in below[:500] if each.person.name in page]


def test_a_scenario_that_is_there_is_left_as_it_is(five):
    before = (Obligation.objects.count(), Activity.objects.count(), Circular.objects.count())
    told: list[str] = []
    demo.load(ALL, today=TODAY, now=MORNING, tell=told.append)
    assert told == [f"{scenario}: sudah ada" for scenario in ALL]
    assert (Obligation.objects.count(), Activity.objects.count(), Circular.objects.count()) == before


def test_a_scenario_that_happened_before_one_of_its_province_is_refused_and_writes_nothing(five):
    there = installation.the_one().demo_cast
    Installation.objects.update(demo_cast={key: users for key, users in there.items() if key != MEDAN})
    with pytest.raises(ScenarioOutOfOrder) as refused:
        demo.load(["medan-2020"], today=TODAY, now=MORNING, tell=_quiet)
    assert refused.value.later in ("sumut-2022", "sumut-2024")
    said = messages.sentence(refused.value)
    assert "medan-2020" in said and "provinsi yang sama" in said
