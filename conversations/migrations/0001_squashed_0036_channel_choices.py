"""All migrations so far as one, for databases that are new.

One that runs already goes on by the old ones, until no desk stands before their last.
"""

import conversations.choices
import conversations.models.claim_code
import conversations.models.inbox
import conversations.models.message
import datetime
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.fields.json
import django.db.models.functions.comparison
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('conversations', '0001_initial'),
        ('conversations', '0002_unassigned_list'),
        ('conversations', '0003_channels'),
        ('conversations', '0004_template'),
        ('conversations', '0005_word_list'),
        ('conversations', '0006_account_link'),
        ('conversations', '0007_referred_by_link'),
        ('conversations', '0008_inbox_hour'),
        ('conversations', '0009_partly_live'),
        ('conversations', '0010_events_set_aside'),
        ('conversations', '0011_attachment_previews'),
        ('conversations', '0012_mail'),
        ('conversations', '0013_event_due'),
        ('conversations', '0014_joining'),
        ('conversations', '0015_newest_of_an_inbox'),
        ('conversations', '0016_draft_beside'),
        ('conversations', '0017_claims'),
        ('conversations', '0018_event_lane'),
        ('conversations', '0019_internal_files'),
        ('conversations', '0020_call_wrap_up'),
        ('conversations', '0021_not_sent_and_landline'),
        ('conversations', '0022_poisoned_items'),
        ('conversations', '0023_visitor_signed_out'),
        ('conversations', '0024_webchat_null_origin'),
        ('conversations', '0025_call_rings'),
        ('conversations', '0026_stated_identities'),
        ('conversations', '0027_message_reaction'),
        ('conversations', '0028_move_reactions'),
        ('conversations', '0029_message_edit'),
        ('conversations', '0030_move_edits'),
        ('conversations', '0031_failure_detail'),
        ('conversations', '0032_move_failure_detail'),
        ('conversations', '0033_mails_of_a_conversation'),
        ('conversations', '0034_speakers_of_a_group'),
        ('conversations', '0035_lines_to_check'),
        ('conversations', '0036_channel_choices'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_squashed_0003_user_kana'),
        ('customers', '0001_squashed_0014_kind_choices'),
    ]

    operations = [
        migrations.CreateModel(
            name='Conversation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('preview', models.CharField(blank=True, max_length=160)),
                ('last_channel', models.CharField(choices=conversations.choices.channel_choices, default='webchat', max_length=10)),
                ('last_message_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('customer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='conversation', to='customers.customer')),
            ],
            options={
                'verbose_name': 'conversation',
                'verbose_name_plural': 'conversations',
            },
        ),
        migrations.CreateModel(
            name='Inbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=conversations.choices.channel_choices, max_length=10, verbose_name='channel')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('key', models.CharField(default=conversations.models.inbox.new_inbox_key, max_length=40, unique=True)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('test', 'Test'), ('partial', 'Partly live'), ('live', 'Live'), ('stopped', 'Stopped')], default='live', max_length=8, verbose_name='state')),
                ('hours', models.JSONField(blank=True, default=dict)),
                ('partial_hours', models.JSONField(blank=True, default=dict)),
                ('silent_since', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('partial_members', models.ManyToManyField(blank=True, related_name='+', to='accounts.membership')),
            ],
            options={
                'verbose_name': 'inbox',
                'verbose_name_plural': 'inboxes',
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(blank=True, choices=conversations.choices.channel_choices, max_length=10)),
                ('kind', models.CharField(choices=[('text', 'Message'), ('note', 'Internal note'), ('phone_note', 'Phone note'), ('system', 'Record')], max_length=10)),
                ('direction', models.CharField(choices=[('inbound', 'From the customer'), ('outbound', 'To the customer'), ('internal', 'Internal')], max_length=8)),
                ('content', models.CharField(choices=[('text', 'Text'), ('image', 'Picture'), ('video', 'Video'), ('audio', 'Audio'), ('file', 'File'), ('sticker', 'Sticker'), ('location', 'Location'), ('contact', 'Contact card'), ('story', 'Story'), ('share', 'Shared post'), ('choice', 'Answer to a choice'), ('order', 'Order'), ('template', 'Template'), ('encrypted', 'Cannot be read here'), ('unsupported', 'Not shown by the provider')], default='text', max_length=11)),
                ('body', models.TextField(blank=True, max_length=20000)),
                ('event', models.CharField(blank=True, choices=[('opened', 'Inquiry opened'), ('reopened', 'Inquiry reopened'), ('closed', 'Inquiry closed'), ('assigned', 'Owner changed'), ('status', 'Status changed'), ('reason', 'Contact reason changed'), ('snoozed', 'Snoozed'), ('woken', 'Back from snooze'), ('picked_up', 'Picked up by phone with a code'), ('identity_added', 'Contact added'), ('missed_call', 'Missed call'), ('identified', 'Identified by the shop'), ('followed', 'Added us as a friend'), ('unfollowed', 'Blocked us: messages no longer arrive'), ('opted_out', 'Asked for no more messages'), ('opted_in', 'Allows messages again'), ('joined', 'We were added to a group'), ('left', 'We were removed from a group'), ('member_joined', 'Somebody joined the group'), ('member_left', 'Somebody left the group'), ('postback', 'Pressed a button'), ('referred', 'Came by a link or an advertisement'), ('video_played', 'Watched the video to the end'), ('beacon', 'Came near a beacon'), ('continued', 'Goes on in the other conversation'), ('parted', 'Known as somebody else: no longer joined'), ('same_person', 'Joined by a colleague: one person'), ('claim_proved', 'Contact confirmed'), ('linked', "Linked with the shop's account"), ('link_failed', "Linking with the shop's account failed"), ('membership', 'Membership changed'), ('address_changed', 'Contact changed'), ('to_check', 'Please check')], max_length=16)),
                ('data', models.JSONField(blank=True, default=dict)),
                ('provider_message_id', models.CharField(blank=True, max_length=200, null=True)),
                ('client_id', models.UUIDField(blank=True, null=True)),
                ('state', models.CharField(choices=[('received', 'Received'), ('queued', 'Queued'), ('sending', 'Sending'), ('sent', 'Sent'), ('delivered', 'Delivered'), ('read', 'Read'), ('failed', 'Failed'), ('unknown', 'Unknown: check before resending')], default='received', max_length=10)),
                ('failure', models.CharField(blank=True, max_length=40)),
                ('failure_detail', models.CharField(blank=True, db_default='', default='', max_length=300)),
                ('occurred_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('is_late', models.BooleanField(default=False)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('delivered_at', models.DateTimeField(blank=True, null=True)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='conversations.conversation')),
                ('identity', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.identity')),
                ('inbox', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conversations.inbox')),
            ],
            options={
                'verbose_name': 'message',
                'verbose_name_plural': 'messages',
            },
        ),
        migrations.CreateModel(
            name='WordList',
            fields=[
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='accounts.clientaccount')),
                ('lines', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), blank=True, default=list, size=None)),
            ],
        ),
        migrations.CreateModel(
            name='ContactReason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('position', models.PositiveIntegerField(default=0)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='conversations.contactreason')),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider_call_id', models.CharField(blank=True, max_length=120, null=True)),
                ('member_since', models.DateTimeField(blank=True, null=True)),
                ('direction', models.CharField(choices=[('inbound', 'From the customer'), ('outbound', 'To the customer'), ('internal', 'Internal')], default='inbound', max_length=8)),
                ('from_number', models.CharField(blank=True, max_length=40)),
                ('to_number', models.CharField(blank=True, max_length=40)),
                ('state', models.CharField(choices=[('ringing', 'Ringing'), ('talking', 'Talking'), ('held', 'On hold'), ('wrap_up', 'Wrap-up'), ('finished', 'Finished'), ('missed', 'Missed')], default='talking', max_length=8)),
                ('rang_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('held_since', models.DateTimeField(blank=True, null=True)),
                ('held_for', models.DurationField(default=datetime.timedelta)),
                ('picked_up_with_code', models.BooleanField(default=False)),
                ('draft', models.TextField(blank=True)),
                ('draft_version', models.PositiveIntegerField(default=0)),
                ('wrap_up', models.JSONField(blank=True, default=dict)),
                ('number_settled', models.BooleanField(default=False)),
                ('missed_noted', models.BooleanField(default=False)),
                ('outcome', models.CharField(blank=True, choices=[('resolved', 'Resolved on the call'), ('call_back', 'Call back'), ('transferred', 'Transferred'), ('left_message', 'Left a message'), ('no_answer', 'No answer'), ('silent', 'Silent call'), ('wrong_number', 'Wrong number'), ('other', 'Other')], max_length=14, verbose_name='outcome')),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='accounts.membership')),
                ('rings', models.ManyToManyField(related_name='+', to='accounts.membership')),
                ('conversation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='conversations.conversation')),
                ('reason', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conversations.contactreason')),
                ('inbox', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='conversations.inbox')),
            ],
            options={
                'verbose_name': 'call',
                'verbose_name_plural': 'calls',
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('key', models.UUIDField(default=uuid.uuid4)),
                ('payload', models.JSONField(blank=True, default=dict)),
                ('is_keyed', models.BooleanField(default=False)),
                ('file', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('state', models.CharField(choices=[('received', 'Received'), ('queued', 'Queued'), ('sending', 'Sending'), ('sent', 'Sent'), ('delivered', 'Delivered'), ('read', 'Read'), ('failed', 'Failed'), ('unknown', 'Unknown: check before resending')], default='queued', max_length=10)),
                ('provider_message_ids', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), blank=True, default=list, size=None)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('claimed_at', models.DateTimeField(blank=True, null=True)),
                ('next_attempt_at', models.DateTimeField(blank=True, null=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('failure', models.CharField(blank=True, max_length=40)),
                ('failure_detail', models.CharField(blank=True, max_length=300)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('inbox', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conversations.inbox')),
            ],
        ),
        migrations.CreateModel(
            name='DeliveryAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('duration_ms', models.PositiveIntegerField()),
                ('outcome', models.CharField(choices=[('accepted', 'Accepted'), ('temporary', 'Failed, tried again later'), ('permanent', 'Refused'), ('unknown', 'No answer')], max_length=9)),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('code', models.CharField(blank=True, max_length=40)),
                ('detail', models.CharField(blank=True, max_length=300)),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='log', to='conversations.delivery')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_note', models.BooleanField(default=False)),
                ('body', models.TextField(blank=True)),
                ('beside', models.JSONField(blank=True, default=dict)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='conversations.conversation')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='accounts.membership')),
            ],
        ),
        migrations.CreateModel(
            name='FailedItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('work', models.CharField(max_length=40)),
                ('item', models.BigIntegerField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('retry_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('work', 'item'), name='failed_item_once')],
            },
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=300, verbose_name='follow-up')),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('call', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='follow_ups', to='conversations.call')),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='follow_ups', to='conversations.conversation')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='follow_ups', to='accounts.membership')),
            ],
            options={
                'ordering': ['due_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='InboxConnection',
            fields=[
                ('inbox', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='connection', serialize=False, to='conversations.inbox')),
                ('settings', models.JSONField(blank=True, default=dict)),
                ('secrets', models.TextField(blank=True)),
                ('earlier_secrets', models.TextField(blank=True)),
                ('earlier_until', models.DateTimeField(blank=True, null=True)),
                ('is_simulated', models.BooleanField(default=False)),
                ('address', models.CharField(blank=True, max_length=200)),
                ('provider_name', models.CharField(blank=True, max_length=200)),
                ('checked_at', models.DateTimeField(blank=True, null=True)),
                ('tested_at', models.DateTimeField(blank=True, null=True)),
                ('facts', models.JSONField(blank=True, default=dict)),
                ('token_expires_at', models.DateTimeField(blank=True, null=True)),
                ('quota_limit', models.PositiveIntegerField(blank=True, null=True)),
                ('quota_used', models.PositiveIntegerField(blank=True, null=True)),
                ('quota_at', models.DateTimeField(blank=True, null=True)),
                ('trouble', models.CharField(blank=True, max_length=40)),
                ('trouble_detail', models.CharField(blank=True, max_length=300)),
                ('trouble_since', models.DateTimeField(blank=True, null=True)),
                ('signature', models.TextField(blank=True, max_length=2000)),
                ('greeting', models.TextField(blank=True, max_length=1000)),
                ('away', models.TextField(blank=True, max_length=1000)),
            ],
        ),
        migrations.CreateModel(
            name='WebChatSettings',
            fields=[
                ('inbox', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='webchat', serialize=False, to='conversations.inbox')),
                ('allowed_origins', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), blank=True, default=list, size=None)),
                ('allow_null_origin', models.BooleanField(default=False, verbose_name='pages without an address')),
                ('colour', models.CharField(choices=[('indigo', 'Indigo'), ('blue', 'Blue'), ('sky', 'Sky'), ('teal', 'Teal'), ('green', 'Green'), ('lime', 'Lime'), ('amber', 'Amber'), ('orange', 'Orange'), ('red', 'Red'), ('pink', 'Pink'), ('purple', 'Purple'), ('slate', 'Slate')], default='indigo', max_length=10, verbose_name='colour')),
                ('title_ja', models.CharField(blank=True, max_length=60)),
                ('title_en', models.CharField(blank=True, max_length=60)),
                ('greeting_ja', models.TextField(blank=True, max_length=500)),
                ('greeting_en', models.TextField(blank=True, max_length=500)),
                ('away_ja', models.TextField(blank=True, max_length=500)),
                ('away_en', models.TextField(blank=True, max_length=500)),
                ('ask_before', models.BooleanField(default=False, verbose_name='form before the chat')),
                ('ask_name', models.BooleanField(default=True, verbose_name='name')),
                ('ask_email', models.BooleanField(default=True, verbose_name='email')),
                ('ask_phone', models.BooleanField(default=False, verbose_name='phone')),
                ('ask_subject', models.BooleanField(default=False, verbose_name='subject')),
                ('show_pickup', models.BooleanField(default=True, verbose_name='pick-up code for calls')),
                ('identity_secret', models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name='AccountLinkNonce',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nonce_hash', models.CharField(max_length=64)),
                ('shop_id', models.CharField(max_length=320)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_index=True)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('inbox', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='link_nonces', to='conversations.inbox')),
            ],
        ),
        migrations.CreateModel(
            name='InboxApiKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('prefix', models.CharField(max_length=12)),
                ('key_hash', models.CharField(max_length=64, unique=True)),
                ('client_id', models.UUIDField(null=True, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('inbox', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_keys', to='conversations.inbox')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='InboxHour',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.DateTimeField(db_index=True)),
                ('received', models.PositiveIntegerField(default=0)),
                ('sent', models.PositiveIntegerField(default=0)),
                ('failed', models.PositiveIntegerField(default=0)),
                ('last_received_at', models.DateTimeField(blank=True, null=True)),
                ('inbox', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.inbox')),
            ],
        ),
        migrations.CreateModel(
            name='InboxRefusals',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('count', models.PositiveIntegerField(default=0)),
                ('inbox', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refusals', to='conversations.inbox')),
            ],
        ),
        migrations.CreateModel(
            name='Inquiry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=12, verbose_name='reference')),
                ('status', models.CharField(choices=[('new', 'Not started'), ('active', 'In progress'), ('pending', 'Waiting for customer'), ('done', 'Resolved'), ('dismissed', 'No action needed')], default='new', max_length=10, verbose_name='status')),
                ('channel', models.CharField(choices=conversations.choices.channel_choices, max_length=10, verbose_name='channel')),
                ('is_test', models.BooleanField(default=False)),
                ('subject', models.CharField(blank=True, max_length=200, verbose_name='subject')),
                ('summary', models.TextField(blank=True, max_length=2000, verbose_name='summary')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('snoozed_until', models.DateTimeField(blank=True, null=True)),
                ('waiting_since', models.DateTimeField(blank=True, null=True)),
                ('last_activity_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('list_group', models.GeneratedField(db_persist=True, expression=models.Case(models.When(then=models.Value(1), waiting_since__isnull=True), default=models.Value(0)), output_field=models.SmallIntegerField())),
                ('list_moment', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce('waiting_since', 'last_activity_at'), output_field=models.DateTimeField())),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inquiries', to='conversations.conversation')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='inquiries', to='accounts.membership')),
                ('partial_inbox', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conversations.inbox')),
                ('reason', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conversations.contactreason', verbose_name='contact reason')),
            ],
            options={
                'verbose_name': 'inquiry',
                'verbose_name_plural': 'inquiries',
            },
        ),
        migrations.AddField(
            model_name='call',
            name='inquiry',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='conversations.inquiry'),
        ),
        migrations.CreateModel(
            name='Joining',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('shop_id', models.CharField(max_length=320)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('earlier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conversations.conversation')),
                ('identity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='joinings', to='customers.identity')),
                ('later', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conversations.conversation')),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
            ],
        ),
        migrations.CreateModel(
            name='MailBody',
            fields=[
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='mail', serialize=False, to='conversations.message')),
                ('text', models.TextField(blank=True)),
                ('html', models.TextField(blank=True)),
            ],
        ),
        migrations.AddField(
            model_name='message',
            name='inquiry',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='conversations.inquiry'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='message',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='conversations.message'),
        ),
        migrations.AddField(
            model_name='call',
            name='message',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='call', to='conversations.message'),
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_internal', models.BooleanField(default=False)),
                ('key', models.CharField(default=conversations.models.message._new_file_key, max_length=40, unique=True)),
                ('file', models.FileField(blank=True, max_length=200, upload_to='')),
                ('preview', models.FileField(blank=True, max_length=200, upload_to='')),
                ('name', models.CharField(max_length=255)),
                ('content_type', models.CharField(max_length=100)),
                ('content_id', models.CharField(blank=True, max_length=255)),
                ('size', models.PositiveBigIntegerField()),
                ('state', models.CharField(choices=[('ready', 'Ready'), ('waiting', 'Being fetched'), ('failed', 'Could not be fetched')], default='ready', max_length=7)),
                ('source', models.JSONField(blank=True, default=dict)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(blank=True, null=True)),
                ('width', models.PositiveIntegerField(blank=True, null=True)),
                ('height', models.PositiveIntegerField(blank=True, null=True)),
                ('preview_tried_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conversations.conversation')),
                ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='conversations.message')),
            ],
        ),
        migrations.CreateModel(
            name='MailFolder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('uidvalidity', models.BigIntegerField()),
                ('last_uid', models.BigIntegerField(default=0)),
                ('begun_uid', models.BigIntegerField(default=0)),
                ('begun', models.PositiveSmallIntegerField(default=0)),
                ('synced_at', models.DateTimeField()),
                ('inbox', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='folders', to='conversations.inbox')),
            ],
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='accounts.membership')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='conversations.message')),
            ],
        ),
        migrations.CreateModel(
            name='MessageEdit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body', models.TextField(blank=True, max_length=20000)),
                ('edited_at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('message', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='edits', to='conversations.message')),
            ],
        ),
        migrations.CreateModel(
            name='MessageReaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('customer', 'The customer reacted with'), ('us', 'We reacted with')], max_length=8)),
                ('emoji', models.CharField(blank=True, max_length=16)),
                ('at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('message', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='reactions', to='conversations.message')),
            ],
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('mention', 'You were mentioned'), ('assigned', 'Assigned to you'), ('message', 'New message in your inquiry'), ('missed', 'Missed call in your inquiry'), ('follow_up', 'Follow-up due'), ('woken', 'Back from snooze'), ('not_sent', 'Your reply was not sent')], max_length=10)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('seen_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.conversation')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to='accounts.membership')),
                ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.message')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='PickupAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pickup_attempts', to='accounts.membership')),
            ],
        ),
        migrations.CreateModel(
            name='ProviderEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider_event_id', models.CharField(max_length=200)),
                ('body', models.BinaryField()),
                ('state', models.CharField(choices=[('pending', 'Waiting'), ('processed', 'Processed'), ('ignored', 'Ignored'), ('quarantined', 'Quarantined'), ('discarded', 'Discarded'), ('held', 'Held until the inbox is live')], default='pending', max_length=11)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('lane', models.PositiveSmallIntegerField(default=0)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('begun', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('retry_at', models.DateTimeField(blank=True, null=True)),
                ('received_at', models.DateTimeField(auto_now_add=True)),
                ('processed_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('inbox', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='conversations.inbox')),
            ],
        ),
        migrations.CreateModel(
            name='Queue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('is_default', models.BooleanField(default=False)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
            ],
            options={
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='inquiry',
            name='queue',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conversations.queue'),
        ),
        migrations.AddField(
            model_name='inbox',
            name='queue',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inboxes', to='conversations.queue'),
        ),
        migrations.CreateModel(
            name='Reach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('last_heard_at', models.DateTimeField(blank=True, null=True)),
                ('reply_token', models.CharField(blank=True, max_length=200)),
                ('reply_until', models.DateTimeField(blank=True, null=True)),
                ('closed_reason', models.CharField(blank=True, choices=[('window', 'The time for replies is over'), ('never_wrote', 'The customer has not written here yet'), ('unfollowed', 'The customer has blocked the account'), ('opted_out', 'The customer asked for no more messages'), ('quota', "This month's messages are used up"), ('stopped', 'The inbox is stopped'), ('unreachable', 'The provider cannot reach this address'), ('landline', 'A landline receives no text messages'), ('no_identity', 'No contact of the customer for this channel')], max_length=12)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('picture', models.FileField(blank=True, max_length=200, upload_to='')),
                ('profile_at', models.DateTimeField(blank=True, null=True)),
                ('facts', models.JSONField(blank=True, default=dict)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('identity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reaches', to='customers.identity')),
                ('inbox', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reaches', to='conversations.inbox')),
            ],
        ),
        migrations.CreateModel(
            name='Template',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('folder', models.CharField(blank=True, max_length=60, verbose_name='folder')),
                ('shortcut', models.CharField(blank=True, max_length=20, verbose_name='shortcut')),
                ('body', models.TextField(max_length=4000, verbose_name='text')),
                ('channels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=conversations.choices.channel_choices, max_length=10), blank=True, default=list, size=None)),
                ('name_key', models.CharField(editable=False, max_length=100)),
                ('search_key', models.TextField(editable=False)),
                ('position', models.PositiveIntegerField(default=0)),
                ('uses', models.PositiveIntegerField(default=0)),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
            ],
            options={
                'verbose_name': 'template',
                'verbose_name_plural': 'templates',
                'ordering': ['folder', 'position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Visitor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4)),
                ('language', models.CharField(default='ja', max_length=5)),
                ('page_url', models.CharField(blank=True, max_length=2000)),
                ('page_title', models.CharField(blank=True, max_length=300)),
                ('stated', models.JSONField(blank=True, default=dict)),
                ('claims', models.JSONField(blank=True, default=dict)),
                ('last_seen_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('signed_out_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visitors', to='customers.customer')),
                ('earlier', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conversations.conversation')),
                ('inbox', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='visitors', to='conversations.inbox')),
            ],
        ),
        migrations.CreateModel(
            name='PickupCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('expires_at', models.DateTimeField()),
                ('spent_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('visitor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pickup_codes', to='conversations.visitor')),
            ],
        ),
        migrations.CreateModel(
            name='ClaimCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nonce', models.CharField(default=conversations.models.claim_code._new_nonce, max_length=32)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField()),
                ('spent_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes', to='customers.claim')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.membership')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('spent_at__isnull', True)), fields=('claim',), name='one_code_a_claim')],
            },
        ),
        migrations.CreateModel(
            name='ComposeLease',
            fields=[
                ('conversation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='lease', serialize=False, to='conversations.conversation')),
                ('renewed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='leases', to='accounts.membership')),
            ],
        ),
        migrations.AddConstraint(
            model_name='contactreason',
            constraint=models.UniqueConstraint(fields=('account', 'parent', 'name'), name='reason_name_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(fields=('conversation', 'member', 'is_note'), name='draft_once'),
        ),
        migrations.AddIndex(
            model_name='followup',
            index=models.Index(condition=models.Q(('done_at__isnull', True)), fields=['owner', 'due_at'], name='follow_up_open'),
        ),
        migrations.AddIndex(
            model_name='followup',
            index=models.Index(condition=models.Q(('done_at__isnull', True), ('told_at__isnull', True)), fields=['due_at'], name='follow_up_due'),
        ),
        migrations.AddConstraint(
            model_name='accountlinknonce',
            constraint=models.UniqueConstraint(fields=('inbox', 'nonce_hash'), name='link_nonce_once'),
        ),
        migrations.AddConstraint(
            model_name='inboxhour',
            constraint=models.UniqueConstraint(fields=('inbox', 'hour'), name='inbox_hour_counted_once'),
        ),
        migrations.AddConstraint(
            model_name='inboxrefusals',
            constraint=models.UniqueConstraint(fields=('inbox', 'day'), name='refusals_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='joining',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at__isnull', True)), fields=('identity',), name='joined_once'),
        ),
        migrations.AddField(
            model_name='mailbody',
            name='event',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='conversations.providerevent'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['conversation', '-occurred_at', '-id'], name='message_thread'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('state__in', ['queued', 'sending'])), fields=['state', 'id'], name='message_unsent'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('kind', 'system')), fields=['inquiry', 'id'], name='message_timeline'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['inbox', 'direction', '-created_at'], name='message_newest'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('data__has_key', 'email')), fields=['conversation', '-occurred_at'], name='message_mail'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(models.F('conversation'), django.db.models.fields.json.KeyTransform('id', django.db.models.fields.json.KeyTransform('speaker', 'data')), condition=models.Q(('data__has_key', 'speaker')), name='message_speaker'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('event', 'to_check')), fields=['conversation'], name='message_to_check'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['created_at'], name='message_created'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('inbox', 'provider_message_id'), name='message_arrives_once'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('conversation', 'client_id'), name='message_written_once'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=django.contrib.postgres.indexes.GinIndex(fields=['provider_message_ids'], name='delivery_provider_ids'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'failed')), fields=['inbox', '-settled_at'], name='delivery_failed'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['inbox', '-id'], name='delivery_newest'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('message', 'number'), name='delivery_numbered_once'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(condition=models.Q(('state__in', ['ringing', 'talking', 'held', 'wrap_up'])), fields=['member', 'state'], name='call_running'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(condition=models.Q(('state', 'ringing')), fields=['account', 'rang_at'], name='call_ringing'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(condition=models.Q(('missed_noted', False), ('state', 'missed')), fields=['ended_at'], name='call_missed_unnoted'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(fields=['member', '-rang_at', '-id'], name='call_newest'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(fields=['account', '-rang_at', '-id'], name='call_of_account'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.UniqueConstraint(fields=('inbox', 'provider_call_id'), name='call_once'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['talking', 'held', 'wrap_up'])), fields=('member',), name='one_call_at_a_time'),
        ),
        migrations.AddIndex(
            model_name='attachment',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['next_attempt_at'], name='attachment_waiting'),
        ),
        migrations.AddIndex(
            model_name='attachment',
            index=models.Index(condition=models.Q(('content_type__in', ['application/pdf', 'image/gif', 'image/jpeg', 'image/png', 'image/webp']), ('preview_tried_at__isnull', True), ('state', 'ready')), fields=['id'], name='attachment_undrawn'),
        ),
        migrations.AddConstraint(
            model_name='mailfolder',
            constraint=models.UniqueConstraint(fields=('inbox', 'name'), name='mail_folder_once'),
        ),
        migrations.AddConstraint(
            model_name='mention',
            constraint=models.UniqueConstraint(fields=('message', 'member'), name='mention_once'),
        ),
        migrations.AddConstraint(
            model_name='messageedit',
            constraint=models.UniqueConstraint(fields=('message', 'edited_at'), name='edit_of_a_message_once'),
        ),
        migrations.AddConstraint(
            model_name='messagereaction',
            constraint=models.UniqueConstraint(fields=('message', 'side'), name='reaction_of_each_side_once'),
        ),
        migrations.AddIndex(
            model_name='notification',
            index=models.Index(condition=models.Q(('seen_at__isnull', True)), fields=['member', '-at'], name='notification_unseen'),
        ),
        migrations.AddIndex(
            model_name='notification',
            index=models.Index(fields=['member', '-at', '-id'], name='notification_newest'),
        ),
        migrations.AddIndex(
            model_name='pickupattempt',
            index=models.Index(fields=['member', 'at'], name='pickup_attempt_recent'),
        ),
        migrations.AddIndex(
            model_name='providerevent',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['received_at'], name='event_pending'),
        ),
        migrations.AddIndex(
            model_name='providerevent',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['inbox', 'lane', 'id'], name='event_lane'),
        ),
        migrations.AddIndex(
            model_name='providerevent',
            index=models.Index(fields=['inbox', '-id'], name='event_newest'),
        ),
        migrations.AddIndex(
            model_name='providerevent',
            index=models.Index(condition=models.Q(('state__in', ['quarantined', 'held', 'ignored'])), fields=['account', 'state', '-id'], name='event_set_aside'),
        ),
        migrations.AddIndex(
            model_name='providerevent',
            index=models.Index(condition=models.Q(('state__in', ['quarantined', 'held'])), fields=['inbox', 'state', 'id'], name='event_of_inbox_set_aside'),
        ),
        migrations.AddConstraint(
            model_name='providerevent',
            constraint=models.UniqueConstraint(fields=('inbox', 'provider_event_id'), name='event_arrives_once'),
        ),
        migrations.AddConstraint(
            model_name='queue',
            constraint=models.UniqueConstraint(fields=('account', 'name'), name='queue_name_once'),
        ),
        migrations.AddConstraint(
            model_name='queue',
            constraint=models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('account',), name='one_default_queue'),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(condition=models.Q(('status__in', ['new', 'active', 'pending'])), fields=['account', 'list_group', 'list_moment', 'id'], name='inquiry_open_list'),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(condition=models.Q(('status__in', ['new', 'active', 'pending'])), fields=['owner', 'list_group', 'list_moment', 'id'], name='inquiry_owner_list'),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(condition=models.Q(('status__in', ['new', 'active', 'pending']), ('owner__isnull', True)), fields=['account', 'list_group', 'list_moment', 'id'], name='inquiry_unassigned_list'),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(fields=['account', '-last_activity_at', '-id'], name='inquiry_newest'),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(condition=models.Q(('snoozed_until__isnull', False)), fields=['snoozed_until'], name='inquiry_snoozed'),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(models.F('account'), django.contrib.postgres.indexes.OpClass('reference', name='text_pattern_ops'), name='inquiry_reference_prefix'),
        ),
        migrations.AddConstraint(
            model_name='inquiry',
            constraint=models.UniqueConstraint(fields=('account', 'reference'), name='inquiry_reference_once'),
        ),
        migrations.AddConstraint(
            model_name='inquiry',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['new', 'active', 'pending'])), fields=('conversation',), name='one_open_inquiry'),
        ),
        migrations.AddConstraint(
            model_name='inquiry',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['new', 'active', 'pending']), ('closed_at__isnull', False), _connector='XOR'), name='closed_has_a_time'),
        ),
        migrations.AddConstraint(
            model_name='inbox',
            constraint=models.UniqueConstraint(fields=('account', 'name'), name='inbox_name_once'),
        ),
        migrations.AddConstraint(
            model_name='reach',
            constraint=models.UniqueConstraint(fields=('inbox', 'identity'), name='reach_once'),
        ),
        migrations.AddIndex(
            model_name='template',
            index=models.Index(condition=models.Q(('retired_at__isnull', True)), fields=['account', '-uses', 'id'], name='template_most_used'),
        ),
        migrations.AddConstraint(
            model_name='template',
            constraint=models.UniqueConstraint(condition=models.Q(('retired_at__isnull', True)), fields=('account', 'folder', 'name'), name='template_name_once'),
        ),
        migrations.AddConstraint(
            model_name='template',
            constraint=models.UniqueConstraint(condition=models.Q(('retired_at__isnull', True), models.Q(('shortcut', ''), _negated=True)), fields=('account', 'shortcut'), name='template_shortcut_once'),
        ),
        migrations.AddConstraint(
            model_name='template',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('body', ''), _negated=True)), name='template_says_something'),
        ),
        migrations.AddConstraint(
            model_name='template',
            constraint=models.CheckConstraint(condition=models.Q(('folder__regex', '^([^/]+(/[^/]+)?)?$')), name='template_folder_two_levels'),
        ),
        migrations.AddConstraint(
            model_name='template',
            constraint=models.CheckConstraint(condition=models.Q(('shortcut__regex', '^[0-9a-z_-]*$')), name='template_shortcut_letters'),
        ),
        migrations.AddConstraint(
            model_name='visitor',
            constraint=models.UniqueConstraint(fields=('inbox', 'key'), name='visitor_once'),
        ),
        migrations.AddConstraint(
            model_name='pickupcode',
            constraint=models.UniqueConstraint(condition=models.Q(('spent_at__isnull', True)), fields=('account', 'digest'), name='pickup_code_once'),
        ),
        migrations.AddConstraint(
            model_name='pickupcode',
            constraint=models.UniqueConstraint(condition=models.Q(('spent_at__isnull', True)), fields=('visitor',), name='one_pickup_code_a_visitor'),
        ),
    ]
