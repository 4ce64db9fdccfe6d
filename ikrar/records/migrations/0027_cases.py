"""Case files; what was done in one, what was decided and what was sent is written once, in the database itself."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Table, act, extra condition, what the database says.
_DECIDED = (
    "respondent_id", "sanction", "level", "recommended", "departure_reason", "grounds", "way", "drafted_by_id", "unchecked",
    "confirmed_by_id", "office_id", "authority", "capacity", "signer_id", "decided_on", "number", "digest",
)
_SENT = ("case_id", "from_body_id", "to_body_id", "number", "words", "sent_by_id", "sent_on")
_STATED = ("respondent_id", "act", "on", "place", "gist", "kind", "level", "verdict", "rulebook_digest")


def _other(columns):
    return " OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in columns)


GUARDS = [
    ("records_casestep", "UPDATE", "", "what was done in a case never changes"),
    ("records_casestep", "DELETE", "", "what was done in a case is never deleted"),
    ("records_caseevidence", "UPDATE", "", "evidence of a case never changes"),
    ("records_casenote", "UPDATE", "", "a note in a case never changes"),
    ("records_caseallegation", "UPDATE", _other(_STATED), "an allegation never changes: it is struck and stated anew"),
    ("records_casedecision", "UPDATE", f"OLD.decided_on IS NOT NULL AND ({_other(_DECIDED)})", "what was decided never changes"),
    ("records_casedecision", "DELETE", "OLD.decided_on IS NOT NULL", "what was decided is never deleted"),
    ("records_casereferral", "UPDATE", _other(_SENT), "what was sent to another body never changes"),
    ("records_casereferral", "DELETE", "", "what was sent to another body is never deleted"),
    ("records_caseclock", "DELETE", "", "a clock of a case is never deleted"),
    ("records_caserespondent", "DELETE", "", "a respondent is never deleted: he is marked as entered wrongly"),
]


def guard(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, act, condition, says in GUARDS:
        when = f"WHEN ({condition}) " if condition else ""
        if postgresql:
            # Values of JSON have no order there, but they are alike or not.
            does = f"EXECUTE FUNCTION records_refuse('{says}')"
        else:
            when = when.replace("IS DISTINCT FROM", "IS NOT")
            does = f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        schema_editor.execute(f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} FOR EACH ROW {when}{does}")
    if not postgresql:
        # REPLACE deletes past the guard of deletion (see 0007b).
        schema_editor.execute(
            "CREATE TRIGGER records_casestep_no_replace BEFORE INSERT ON records_casestep FOR EACH ROW"
            " WHEN EXISTS (SELECT 1 FROM records_casestep WHERE id = NEW.id)"
            " BEGIN SELECT RAISE(ABORT, 'what was done in a case is never replaced'); END"
        )


def unguard(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, act, _, _ in GUARDS:
        on = f" ON {table}" if postgresql else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act.lower()}{on}")
    if not postgresql:
        schema_editor.execute("DROP TRIGGER IF EXISTS records_casestep_no_replace")


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0026_clippings'),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.CharField(blank=True, db_comment="of the body's register", max_length=60)),
                ('regime', models.CharField(db_comment='pilkada, pemilu', max_length=12)),
                ('track', models.CharField(db_comment='discipline, ethics, criminal, referral', max_length=12)),
                ('procedure', models.CharField(db_comment='id of the procedure of that day', max_length=60)),
                ('rulebook_digest', models.CharField(db_comment='SHA-256 (hex) of the rulebook it was opened by', max_length=64)),
                ('opened_on', models.DateField(db_comment='the day whose procedure applies')),
                ('opened_at', models.DateTimeField()),
                ('closed_on', models.DateField(blank=True, db_comment='no respondent is left in it', null=True)),
                ('agency', models.ForeignKey(blank=True, db_comment='of the respondents; null: outsiders', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='records.agency')),
                ('beside', models.ForeignKey(blank=True, db_comment='the same matter on another track', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tracks', to='records.case')),
                ('body', models.ForeignKey(db_comment='that registered it', on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='records.body')),
                ('handler', models.ForeignKey(blank=True, db_comment='that accepted it by referral; null: the body itself', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='handled_cases', to='records.body')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='CaseConflict',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('recused', 'Recused'), ('conflict', 'Conflict')], max_length=8)),
                ('why', models.CharField(db_comment='a word of domain.offices.CONFLICTS', max_length=12)),
                ('at', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
                ('lifted_reason', models.CharField(blank=True, max_length=300)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conflicts', to='records.case')),
                ('lifted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.person')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='CaseEvidence',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('part_digest', models.CharField(blank=True, db_comment='SHA-256 (hex) of the sealed part it came from', max_length=64)),
                ('label', models.CharField(max_length=200)),
                ('text', models.TextField(blank=True)),
                ('digest', models.CharField(db_comment='SHA-256 (hex) of the text or the file', max_length=64)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='records.case')),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.storedfile')),
                ('report', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.report')),
            ],
        ),
        migrations.CreateModel(
            name='CaseNote',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='records.case')),
            ],
        ),
        migrations.CreateModel(
            name='CaseOfficer',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('duty', models.CharField(choices=[('examiner', 'Examiner'), ('team', 'Team'), ('drafter', 'Drafter')], max_length=8)),
                ('from_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(blank=True, null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='officers', to='records.case')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='case_duties', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='CaseReferral',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.CharField(db_comment='of the covering letter', max_length=100)),
                ('words', models.TextField(db_comment='what is recommended')),
                ('sent_at', models.DateTimeField()),
                ('sent_on', models.DateField()),
                ('state', models.CharField(choices=[('sent', 'Sent'), ('accepted', 'Accepted'), ('refused', 'Refused'), ('returned', 'Returned')], default='sent', max_length=8)),
                ('answered_on', models.DateField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('returned_on', models.DateField(blank=True, null=True)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='referrals', to='records.case')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.storedfile')),
                ('from_body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.body')),
                ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to_body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='referrals', to='records.body')),
            ],
        ),
        migrations.CreateModel(
            name='CaseReport',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('added_on', models.DateField()),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='case_reports', to='records.case')),
                ('report', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='in_case', to='records.report')),
            ],
        ),
        migrations.CreateModel(
            name='CaseRespondent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('described', models.CharField(blank=True, db_comment='an outsider, as the officer describes him; empty where a person is named', max_length=300)),
                ('employment', models.CharField(db_comment='on the day of the act', max_length=16)),
                ('post', models.CharField(blank=True, db_comment='on the day of the act', max_length=200)),
                ('post_level', models.CharField(blank=True, max_length=16)),
                ('regime', models.CharField(max_length=12)),
                ('track', models.CharField(max_length=12)),
                ('state', models.CharField(max_length=40)),
                ('state_on', models.DateField()),
                ('outcome', models.CharField(choices=[('open', 'Open'), ('proven', 'Proven'), ('not_proven', 'Not Proven'), ('referred', 'Referred'), ('closed', 'Closed'), ('entered_wrongly', 'Entered Wrongly')], default='open', max_length=16)),
                ('outcome_reason', models.CharField(blank=True, max_length=500)),
                ('due_on', models.DateField(blank=True, db_comment='of the clock that ends first', null=True)),
                ('stage', models.PositiveSmallIntegerField(db_comment='0 running, 1 warned, 2 overdue, 3 long overdue', default=0)),
                ('agency', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.agency')),
                ('body', models.ForeignKey(db_comment='as at the case: who handles it', db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.body')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='respondents', to='records.case')),
                ('office', models.ForeignKey(blank=True, db_comment='that must act now; read through its holder of the minute', db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='case_queue', to='records.office')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='respondent_in', to='records.person')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.workunit')),
            ],
        ),
        migrations.CreateModel(
            name='CaseAllegation',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('act', models.CharField(max_length=80)),
                ('on', models.DateField(db_comment='day of the act')),
                ('place', models.CharField(max_length=200)),
                ('gist', models.TextField(blank=True, db_comment="what happened, in the officer's words")),
                ('election', models.CharField(blank=True, max_length=60)),
                ('candidate_status', models.CharField(blank=True, max_length=12)),
                ('kind', models.CharField(db_comment='what the rulebook called it: discipline, ethics, none …', max_length=16)),
                ('level', models.CharField(blank=True, max_length=40)),
                ('verdict', models.JSONField(db_comment='the whole answer: reasons, citations, sanctions that may be chosen', default=dict)),
                ('rulebook_digest', models.CharField(max_length=64)),
                ('stated_at', models.DateTimeField()),
                ('struck_at', models.DateTimeField(blank=True, db_comment='stated wrongly', null=True)),
                ('stated_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('respondent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allegations', to='records.caserespondent')),
            ],
        ),
        migrations.CreateModel(
            name='CaseStep',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('step', models.CharField(max_length=60)),
                ('from_state', models.CharField(blank=True, max_length=40)),
                ('to_state', models.CharField(blank=True, max_length=40)),
                ('role', models.CharField(blank=True, db_comment='by which role it was done', max_length=24)),
                ('capacity', models.CharField(blank=True, max_length=10)),
                ('at', models.DateTimeField()),
                ('on', models.DateField(db_comment='local day on which it happened; it may lie before the day it was entered')),
                ('facts', models.JSONField(default=dict)),
                ('document_digest', models.CharField(blank=True, max_length=64)),
                ('by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='records.case')),
                ('document', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.storedfile')),
                ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.logentry')),
                ('office', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.office')),
                ('respondent', models.ForeignKey(blank=True, db_comment='null: it is about the case itself', db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='records.caserespondent')),
            ],
        ),
        migrations.CreateModel(
            name='CaseDecision',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('sanction', models.CharField(blank=True, db_comment='of the rulebook; empty: not proven', max_length=80)),
                ('level', models.CharField(blank=True, max_length=40)),
                ('recommended', models.CharField(blank=True, db_comment='what was recommended, set beside it', max_length=80)),
                ('departure_reason', models.TextField(blank=True)),
                ('grounds', models.TextField(blank=True)),
                ('way', models.CharField(blank=True, choices=[('recorded', 'Recorded'), ('signed_here', 'Signed Here')], max_length=12)),
                ('drafted_at', models.DateTimeField()),
                ('unchecked', models.JSONField(db_comment='rules used that nobody compared with the gazette, or that are disputed', default=list)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('authority', models.CharField(blank=True, db_comment='as the resolver named it on that day', max_length=120)),
                ('capacity', models.CharField(blank=True, max_length=10)),
                ('decided_on', models.DateField(blank=True, null=True)),
                ('recorded_at', models.DateTimeField(blank=True, null=True)),
                ('number', models.CharField(blank=True, db_comment='of the letter, from wherever it is numbered', max_length=100)),
                ('digest', models.CharField(blank=True, db_comment='SHA-256 (hex) of the scan, or of what was signed here', max_length=64)),
                ('served_on', models.DateField(blank=True, null=True)),
                ('received_on', models.DateField(blank=True, null=True)),
                ('effective_on', models.DateField(blank=True, null=True)),
                ('effect', models.JSONField(db_comment='how the day of effect was computed', default=dict)),
                ('ended_at', models.DateTimeField(blank=True, db_comment='another one took its place, or it was taken back as a draft', null=True)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.storedfile')),
                ('drafted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.office')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='records.casedecision')),
                ('signer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.person')),
                ('respondent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='records.caserespondent')),
                ('recommended_step', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.casestep')),
            ],
        ),
        migrations.CreateModel(
            name='CaseClock',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('term', 'Term'), ('target', 'Target')], max_length=6)),
                ('term', models.CharField(db_comment='id of the term or the target', max_length=60)),
                ('owner', models.CharField(db_comment='the role that must act by it', max_length=24)),
                ('count', models.CharField(db_comment='working_days, calendar_days, hours …', max_length=16)),
                ('start_on', models.DateField()),
                ('start_at', models.DateTimeField(blank=True, db_comment='of a limit in hours', null=True)),
                ('due_on', models.DateField()),
                ('due_at', models.DateTimeField(blank=True, db_comment='of a limit in hours', null=True)),
                ('warn_on', models.DateField()),
                ('late_on', models.DateField(db_comment='first day after the last one')),
                ('long_on', models.DateField(db_comment='from this day on it is long overdue')),
                ('stage', models.PositiveSmallIntegerField(db_comment='0 running, 1 warned, 2 overdue, 3 long overdue', default=0)),
                ('next_on', models.DateField(blank=True, db_comment='when its stage changes next; null: stopped, paused, or at its last', null=True)),
                ('computation', models.JSONField(default=dict)),
                ('rulebook_digest', models.CharField(blank=True, db_comment='of the rulebook that counted; empty: a target', max_length=64)),
                ('pauses', models.JSONField(db_comment='[{from, until, reason}]', default=list)),
                ('extensions', models.JSONField(db_comment='[{length, reason, by}]', default=list)),
                ('stopped_on', models.DateField(blank=True, null=True)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='clocks', to='records.case')),
                ('respondent', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='clocks', to='records.caserespondent')),
                ('started_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.casestep')),
                ('stopped_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.casestep')),
            ],
        ),
        migrations.CreateModel(
            name='CaseTask',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('text', models.CharField(max_length=300)),
                ('due_on', models.DateField()),
                ('given_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='records.case')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='case_tasks', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['agency', 'closed_on'], name='case_of_agency'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('body', 'number'), name='case_number_once'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('closed_on', None), ('closed_on__gte', models.F('opened_on')), _connector='OR'), name='case_closed_after_opened'),
        ),
        migrations.AddConstraint(
            model_name='caseconflict',
            constraint=models.CheckConstraint(condition=models.Q(('user', None), ('person', None), _connector='XOR'), name='conflict_of_one'),
        ),
        migrations.AddConstraint(
            model_name='caseconflict',
            constraint=models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('case', 'user'), name='conflict_once_of_user'),
        ),
        migrations.AddConstraint(
            model_name='caseconflict',
            constraint=models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('case', 'person'), name='conflict_once_of_person'),
        ),
        migrations.AddConstraint(
            model_name='caseevidence',
            constraint=models.CheckConstraint(condition=models.Q(('report', None), models.Q(('part_digest', ''), _negated=True), _connector='XOR'), name='evidence_names_its_part'),
        ),
        migrations.AddConstraint(
            model_name='caseevidence',
            constraint=models.UniqueConstraint(fields=('case', 'digest'), name='evidence_once_in_case'),
        ),
        migrations.AddIndex(
            model_name='caseofficer',
            index=models.Index(condition=models.Q(('until_at', None)), fields=['user', 'case'], name='case_officer_open'),
        ),
        migrations.AddConstraint(
            model_name='caseofficer',
            constraint=models.UniqueConstraint(condition=models.Q(('until_at', None)), fields=('case', 'user'), name='case_officer_once'),
        ),
        migrations.AddIndex(
            model_name='casereferral',
            index=models.Index(fields=['to_body', 'state', 'sent_on'], name='referral_to_answer'),
        ),
        migrations.AddConstraint(
            model_name='casereferral',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'sent')), fields=('case',), name='referral_one_waiting'),
        ),
        migrations.AddConstraint(
            model_name='casereferral',
            constraint=models.CheckConstraint(condition=models.Q(('from_body', models.F('to_body')), _negated=True), name='referral_between_two'),
        ),
        migrations.AddConstraint(
            model_name='casereferral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['refused', 'returned']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='referral_refused_with_reason'),
        ),
        migrations.AddIndex(
            model_name='caserespondent',
            index=models.Index(fields=['body', 'outcome', 'state', 'due_on', 'stage', 'id'], name='respondent_board_body'),
        ),
        migrations.AddIndex(
            model_name='caserespondent',
            index=models.Index(fields=['agency', 'outcome', 'state', 'due_on', 'stage', 'id'], name='respondent_board_agency'),
        ),
        migrations.AddIndex(
            model_name='caserespondent',
            index=models.Index(condition=models.Q(('office__isnull', False), ('outcome', 'open')), fields=['office', 'due_on', 'id'], name='respondent_queue'),
        ),
        migrations.AddIndex(
            model_name='caserespondent',
            index=models.Index(fields=['outcome', 'stage', 'due_on', 'id'], name='respondent_board_late'),
        ),
        migrations.AddConstraint(
            model_name='caserespondent',
            constraint=models.CheckConstraint(condition=models.Q(('person', None), ('described', ''), _connector='XOR'), name='respondent_person_or_described'),
        ),
        migrations.AddConstraint(
            model_name='caserespondent',
            constraint=models.UniqueConstraint(condition=models.Q(('person__isnull', False)), fields=('case', 'person'), name='respondent_once_in_case'),
        ),
        migrations.AddConstraint(
            model_name='caseallegation',
            constraint=models.UniqueConstraint(condition=models.Q(('struck_at', None)), fields=('respondent', 'act', 'on', 'place'), name='allegation_once'),
        ),
        migrations.AddIndex(
            model_name='casestep',
            index=models.Index(fields=['case', 'at'], name='case_timeline'),
        ),
        migrations.AddIndex(
            model_name='casestep',
            index=models.Index(fields=['respondent', 'step'], name='case_step_of_respondent'),
        ),
        migrations.AddIndex(
            model_name='casedecision',
            index=models.Index(condition=models.Q(('effective_on__isnull', False)), fields=['effective_on'], name='decision_effect'),
        ),
        migrations.AddConstraint(
            model_name='casedecision',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('respondent',), name='decision_one_standing'),
        ),
        migrations.AddConstraint(
            model_name='casedecision',
            constraint=models.CheckConstraint(condition=models.Q(('decided_on', None), models.Q(models.Q(('number', ''), _negated=True), models.Q(('digest', ''), _negated=True), models.Q(('way', ''), _negated=True)), _connector='OR'), name='decision_has_its_paper'),
        ),
        migrations.AddConstraint(
            model_name='casedecision',
            constraint=models.CheckConstraint(condition=models.Q(('served_on', None), ('served_on__gte', models.F('decided_on')), _connector='OR'), name='decision_served_after_decided'),
        ),
        migrations.AddConstraint(
            model_name='casedecision',
            constraint=models.CheckConstraint(condition=models.Q(('received_on', None), ('received_on__gte', models.F('served_on')), _connector='OR'), name='decision_received_after_served'),
        ),
        migrations.AddConstraint(
            model_name='casedecision',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('drafted_by')), _negated=True), _connector='OR'), name='decision_confirmed_by_another'),
        ),
        migrations.AddIndex(
            model_name='caseclock',
            index=models.Index(fields=['case'], name='case_clock_of_case'),
        ),
        migrations.AddIndex(
            model_name='caseclock',
            index=models.Index(condition=models.Q(('stopped_on', None)), fields=['respondent', 'due_on'], name='case_clock_running'),
        ),
        migrations.AddIndex(
            model_name='caseclock',
            index=models.Index(condition=models.Q(('next_on__isnull', False)), fields=['next_on'], name='case_clock_to_change'),
        ),
        migrations.AddIndex(
            model_name='caseclock',
            index=models.Index(condition=models.Q(('stopped_on', None)), fields=['rulebook_digest'], name='case_clock_counted_by'),
        ),
        migrations.AddConstraint(
            model_name='caseclock',
            constraint=models.UniqueConstraint(condition=models.Q(('stopped_on', None)), fields=('respondent', 'term'), name='case_clock_one_running'),
        ),
        migrations.AddConstraint(
            model_name='caseclock',
            constraint=models.CheckConstraint(condition=models.Q(('due_on__gte', models.F('start_on'))), name='case_clock_due_after_start'),
        ),
        migrations.AddIndex(
            model_name='casetask',
            index=models.Index(condition=models.Q(('done_at', None)), fields=['owner', 'due_on'], name='case_task_open'),
        ),
        migrations.RunPython(guard, unguard),
    ]
