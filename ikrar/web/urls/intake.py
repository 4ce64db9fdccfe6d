"""The intake door: reports and their mailboxes. No account; it can run on another host or an onion address."""

from django.urls import path, re_path

from ikrar.web.views import intake, mailbox, scripted

urlpatterns = [
    path("lapor/", intake.start, name="report"),
    path("lapor/bahasa/", intake.language, name="report-language"),
    path("lapor/isi/", intake.step, name="report-step"),
    path("lapor/kirim/", intake.send, name="report-send"),
    path("lapor/pertanyaan/", scripted.questions, name="report-questions"),
    path("lapor/rem/", scripted.challenge, name="report-challenge"),
    path("lapor/kirim/segel/", scripted.send, name="report-send-sealed"),
    path("lapor/bukti/", intake.check_receipt, name="filing-receipt"),
    path("lapor/bukti/berkas/", intake.check_receipt_file, name="filing-receipt-file"),
    path("lapor/bukti/simpan/", intake.receipt_file, name="filing-receipt-save"),
    path("lapor/kotak/", mailbox.enter, name="mailbox"),
    path("lapor/kotak/segel/", scripted.mailbox_sealed, name="mailbox-sealed"),
    path("lapor/kotak/segel/kirim/", scripted.mailbox_send, name="mailbox-send-sealed"),
    path("lapor/kotak/isi/", mailbox.act, name="mailbox-act"),
    path("lapor/kotak/balas/", mailbox.reply, name="mailbox-reply"),
    path("lapor/kotak/formulir/", mailbox.form, name="mailbox-form"),
    # Stands last. An address that somebody made up may hold his code: it must not reach the line of a log.
    re_path(r"^lapor/", intake.missing, name="report-missing"),
]
