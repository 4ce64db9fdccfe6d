"""The staff door: everybody with an account. Pages of allauth are named one by one, each with who may open it."""

from allauth.account import views as allauth_account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.urls import path

from ikrar.web.access import View, asked_again, may, open_to_all
from ikrar.web.sign_in import told_if_away
from ikrar.web.views import account, elections, gazette, guidance, home, installation, offices, pacts, papers, people

_own = may("account.own")


def _asked(view: View) -> View:
    """One's own, and asked for a credential again where none was proved for a while."""
    return _own(asked_again(view))


urlpatterns = [
    # Pacts: one's own; first, since at a roll-call thousands open these and addresses are tried in this order.
    path("pakta/", pacts.mine, name="my-pacts"),
    path("pakta/<int:pk>/", pacts.read, name="pact"),
    path("pakta/<int:pk>/tanda-tangan/", pacts.sign, name="pact-sign"),
    path("pakta/<int:pk>/tolak/", pacts.refuse, name="pact-refuse"),
    path("pakta/<int:pk>/sertifikat.pdf", pacts.my_certificate, name="my-certificate"),
    path("tanda-tangan/<int:pk>/sangkal/", pacts.contest, name="contest"),
    # Signing in and one's own credentials.
    path("masuk/", account.sign_in, name="account_login"),
    path("masuk/kode/", account.sign_in_with_code, name="sign-in-code"),
    path("masuk/kata-sandi/", account.set_first_password, name="set-first-password"),
    path("masuk/kunci-sandi/", account.set_first_passkey, name="set-first-passkey"),
    path("masuk/langkah-kedua/", open_to_all(mfa.authenticate), name="mfa_authenticate"),
    path("masuk/passkey/", account.sign_in_with_passkey, name="mfa_login_webauthn"),
    path("masuk/sso/<str:provider_id>/", open_to_all(told_if_away(oidc.login)), name="openid_connect_login"),
    path(
        "masuk/sso/<str:provider_id>/kembali/", open_to_all(told_if_away(oidc.callback)), name="openid_connect_callback"
    ),
    path("masuk/sso-batal/", open_to_all(social.login_cancelled), name="socialaccount_login_cancelled"),
    path("masuk/sso-gagal/", open_to_all(social.login_error), name="socialaccount_login_error"),
    path("keluar/", account.sign_out, name="account_logout"),
    path("akun/", account.account, name="account"),
    path("akun/kata-sandi/", account.change_password, name="change-password"),
    path("akun/konfirmasi/", _own(allauth_account.reauthenticate), name="account_reauthenticate"),
    path("akun/konfirmasi/langkah-kedua/", _own(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("akun/konfirmasi/passkey/", account.confirm_with_passkey, name="mfa_reauthenticate_webauthn"),
    path("akun/dua-langkah/", _own(mfa.index), name="mfa_index"),
    path("akun/dua-langkah/autentikator/", _asked(totp.activate_totp), name="mfa_activate_totp"),
    path("akun/dua-langkah/autentikator/lepas/", _asked(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("akun/dua-langkah/kode-cadangan/", _asked(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "akun/dua-langkah/kode-cadangan/buat/",
        _asked(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "akun/dua-langkah/kode-cadangan/unduh/",
        _asked(recovery.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("akun/passkey/", _own(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("akun/passkey/tambah/", _asked(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("akun/passkey/<int:pk>/hapus/", account.remove_passkey, name="mfa_remove_webauthn"),
    path("akun/passkey/<int:pk>/ubah/", _asked(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    # What waits.
    path("beranda/", home.home, name="home"),
    path("pesan/", home.inbox, name="inbox"),
    path("pesan/dibaca/", home.inbox_read, name="inbox-read"),
    # Pacts: running a round.
    path("program/", pacts.rounds, name="rounds"),
    path("program/baru/", pacts.new_round, name="new-round"),
    path("program/<int:pk>/", pacts.round_page, name="round"),
    path("program/<int:pk>/teks/", pacts.new_text, name="new-text"),
    path("program/<int:pk>/terbitkan/", pacts.issue, name="issue-round"),
    path("program/<int:pk>/tutup/", pacts.close, name="close-round"),
    path("cakupan/", pacts.coverage_home, name="coverage"),
    path("program/<int:pk>/cakupan/<int:unit>/", pacts.coverage, name="coverage-unit"),
    path("program/<int:pk>/cakupan/<int:unit>/belum/", pacts.missing, name="missing"),
    path("program/<int:pk>/cakupan/<int:unit>/ingatkan/", pacts.remind, name="remind"),
    path("program/<int:pk>/cakupan/<int:unit>/sertifikat.pdf", pacts.bundle, name="bundle"),
    path("program/<int:pk>/cakupan/<int:unit>/sertifikat/", pacts.order_bundle, name="order-bundle"),
    path("berkas/<int:pk>/", papers.paper, name="paper"),
    path("berkas/<int:pk>/unduh/", papers.paper_file, name="paper-file"),
    path("berkas/<int:pk>/lanjut/", papers.paper_again, name="paper-again"),
    path("berkas/<int:pk>/hapus/", papers.paper_discard, name="paper-discard"),
    path("kewajiban/<int:pk>/kecualikan/", pacts.excuse, name="excuse"),
    path("kewajiban/<int:pk>/wajib-lagi/", pacts.end_excuse, name="end-excuse"),
    # People and units.
    path("pegawai/", people.people, name="people"),
    path("pegawai/<int:pk>/", people.person, name="person"),
    path("pegawai/<int:pk>/ubah/", people.change_person, name="change-person"),
    path("pegawai/<int:pk>/nomor/", people.change_identifier, name="change-identifier"),
    path("pegawai/<int:pk>/kode/", people.person_code, name="person-code"),
    path("unit/", people.unit_tree, name="units"),
    path("unit/<int:pk>/", people.unit_page, name="unit"),
    path("unit/<int:pk>/ubah/", people.change_unit, name="change-unit"),
    path("unit/<int:pk>/slip/", people.unit_slips, name="unit-slips"),
    path("unit/baru/<int:agency>/", people.new_unit, name="new-unit"),
    path("impor/", people.imports, name="imports"),
    path("impor/<int:pk>/", people.roster_import, name="import"),
    path("impor/<int:pk>/lembar/", people.import_sheets, name="import-sheets"),
    path("impor/<int:pk>/petakan/", people.import_map, name="import-map"),
    path("impor/<int:pk>/ulang/", people.import_again, name="import-again"),
    path("impor/<int:pk>/simpan/", people.import_apply, name="import-apply"),
    path("impor/<int:pk>/tinggalkan/", people.import_drop, name="import-drop"),
    path("impor/<int:pk>/batalkan/", people.import_undo, name="import-undo"),
    path("impor/<int:pk>/ditolak.csv", people.import_rejects, name="import-rejects"),
    # Offices and bodies.
    path("jabatan/", offices.office_list, name="offices"),
    path("jabatan/<int:pk>/", offices.office, name="office"),
    path("jabatan/<int:pk>/serah-terima/", offices.take_over, name="take-over"),
    path("jabatan/<int:pk>/cuti/", offices.record_leave, name="record-leave"),
    path("jabatan/serah-terima/<int:pk>/tarik/", offices.withdraw_take_over, name="withdraw-take-over"),
    path("jabatan/cuti/<int:pk>/tarik/", offices.withdraw_leave, name="withdraw-leave"),
    path("badan/", offices.body_list, name="bodies"),
    path("badan/<int:pk>/", offices.body, name="body"),
    path("badan/anggota/<int:pk>/akhiri/", offices.end_member, name="end-member"),
    path("pemilihan/", elections.election_list, name="elections"),
    path("pemilihan/<int:agency>/<str:election>/", elections.election, name="election"),
    # Written opinions.
    path("pendapat/", guidance.queue, name="opinions"),
    path("pendapat/<int:pk>/", guidance.opinion, name="opinion"),
    path("pendapat/<int:pk>/terbitkan/", guidance.publish, name="opinion-publish"),
    path("pendapat/terbit/<int:pk>/tarik/", guidance.withdraw, name="opinion-withdraw"),
    # Rules compared with the gazette.
    path("berita-negara/", gazette.gazette_list, name="gazette"),
    path("berita-negara/<int:pk>/tarik/", gazette.withdraw, name="gazette-withdraw"),
    path("berita-negara/<slug:kind>/<slug:rule>/<slug:since>/", gazette.check, name="gazette-check"),
    # The installation.
    path("instansi/", people.agencies, name="agencies"),
    path("instansi/baru/", people.agency, name="new-agency"),
    path("instansi/<int:pk>/", people.agency, name="agency"),
    path("peran/", installation.roles, name="roles"),
    path("peran/<int:pk>/akhiri/", installation.end_role, name="end-role"),
    path("akun-luar/", installation.outside_account, name="outside-account"),
    path("instalasi/", installation.installation, name="installation"),
    path("log/", installation.log, name="log"),
]
