"""The public door: no account."""

from django.urls import path

from ikrar.web.views import demo, guidance, public, rulebook, rulebook_tools, witness

urlpatterns = [
    path("", public.landing, name="landing"),
    path("periksa/", public.check, name="check"),
    path("periksa/<str:code>/", public.check_code, name="check-code"),
    path("kalender/", public.calendar, name="calendar"),
    path("kalender/<str:region>.ics", public.calendar_feed, name="calendar-feed"),
    path("kalender/<str:region>/", public.calendar, name="calendar-region"),
    # May I …? From the question to the answer, its receipt, a question to an office, and the open library.
    path("bolehkah/", guidance.ask, name="ask"),
    path("bolehkah/maksud/", guidance.confirm, name="ask-confirm"),
    path("bolehkah/siapa/", guidance.who, name="ask-who"),
    path("bolehkah/kapan/", guidance.when, name="ask-when"),
    path("bolehkah/jawaban/", guidance.answer, name="answer"),
    path("bolehkah/simpan/", guidance.keep, name="keep-receipt"),
    path("bolehkah/bukti/", guidance.find_receipt, name="receipt-check"),
    path("bolehkah/bukti/<str:code>/", guidance.receipt, name="receipt"),
    path("bolehkah/petugas/", guidance.ask_office, name="ask-office"),
    path("bolehkah/pendapat/", guidance.fetch, name="opinion-fetch"),
    path("bolehkah/perpustakaan/", guidance.library, name="opinion-library"),
    path("bolehkah/perpustakaan/<int:pk>/", guidance.published, name="opinion-published"),
    # The readable rulebook.
    path("aturan/", rulebook.home, name="rulebook"),
    path("aturan/data.json", rulebook_tools.data, name="rulebook-data"),
    path("aturan/bentuk/", rulebook.forms, name="rulebook-forms"),
    path("aturan/bentuk/<slug:id>/", rulebook.form, name="rulebook-form"),
    path("aturan/perbuatan/<slug:id>/", rulebook.act, name="rulebook-act"),
    path("aturan/sanksi/", rulebook.sanctions, name="rulebook-sanctions"),
    path("aturan/batas-waktu/", rulebook_tools.term_list, name="rulebook-terms"),
    path("aturan/batas-waktu/<slug:id>/", rulebook_tools.term, name="rulebook-term"),
    path("aturan/wewenang/", rulebook_tools.authorities, name="rulebook-authorities"),
    path("aturan/badan/", rulebook.bodies, name="rulebook-bodies"),
    path("aturan/pernyataan/", rulebook.statements, name="rulebook-statements"),
    path("aturan/pernyataan/<slug:id>/", rulebook.statement, name="rulebook-statement"),
    path("aturan/sumber/", rulebook.sources, name="rulebook-sources"),
    path("aturan/sumber/<slug:id>/", rulebook.source, name="rulebook-source"),
    path("aturan/libur/", rulebook.holidays_now, name="rulebook-holidays-now"),
    path("aturan/libur/<int:year>/", rulebook.holidays, name="rulebook-holidays"),
    path("aturan/asas/", rulebook.principles, name="rulebook-principles"),
    path("aturan/tata-cara/", rulebook_tools.procedures, name="rulebook-procedures"),
    path("aturan/cakupan/", rulebook_tools.coverage, name="rulebook-coverage"),
    path("aturan/beda/", rulebook_tools.difference_page, name="rulebook-difference"),
    # A pact witness from outside: the code of his slip, one activity, his statement.
    path("saksi/", witness.enter, name="witness"),
    path("saksi/pernyataan/", witness.statement, name="witness-statement-page"),
    path("saksi/pernyataan.pdf", witness.own_paper, name="witness-own-paper"),
    path("saksi/tutup/", witness.leave, name="witness-leave"),
    path("kredit/", public.credits, name="credits"),
    path("bahasa/", public.language, name="language"),
    path("sehat/", public.health, name="health"),
    path("demo/masuk/", demo.step_in, name="demo-step-in"),
    path("demo/hari/", demo.set_day, name="demo-day"),
]
