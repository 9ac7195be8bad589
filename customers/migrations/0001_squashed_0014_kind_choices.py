"""All migrations so far as one, for databases that are new.

One that runs already goes on by the old ones, until no desk stands before their last.
"""

import customers.kinds
import customers.models.order
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('customers', '0001_initial'),
        ('customers', '0002_recent_customers'),
        ('customers', '0003_import_run'),
        ('customers', '0004_display_name'),
        ('customers', '0005_claim'),
        ('customers', '0006_claim_search'),
        ('customers', '0007_identity_doubted'),
        ('customers', '0008_mail_senders_unverified'),
        ('customers', '0009_unread_cells'),
        ('customers', '0010_import_settings'),
        ('customers', '0011_import_claims'),
        ('customers', '0012_order_number_key'),
        ('customers', '0013_claim_stated_by'),
        ('customers', '0014_kind_choices'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_squashed_0003_user_kana'),
    ]

    operations = [
        migrations.CreateModel(
            name='Customer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('family_name', models.CharField(blank=True, max_length=60, verbose_name='family name')),
                ('given_name', models.CharField(blank=True, max_length=60, verbose_name='given name')),
                ('family_kana', models.CharField(blank=True, max_length=60, verbose_name='family name, kana')),
                ('given_kana', models.CharField(blank=True, max_length=60, verbose_name='given name, kana')),
                ('display_name', models.CharField(blank=True, max_length=100)),
                ('name_key', models.CharField(blank=True, editable=False, max_length=130)),
                ('kana_key', models.CharField(blank=True, editable=False, max_length=130)),
                ('attributes', models.JSONField(blank=True, default=dict)),
                ('caution', models.TextField(blank=True, max_length=1000, verbose_name='caution')),
                ('address', models.CharField(blank=True, max_length=300, verbose_name='address')),
                ('is_test', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
            ],
            options={
                'verbose_name': 'customer',
                'verbose_name_plural': 'customers',
            },
        ),
        migrations.CreateModel(
            name='Cart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('updated_at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('customer', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='cart', to='customers.customer')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MemberRank',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('colour', models.CharField(choices=[('indigo', 'Indigo'), ('blue', 'Blue'), ('sky', 'Sky'), ('teal', 'Teal'), ('green', 'Green'), ('lime', 'Lime'), ('amber', 'Amber'), ('orange', 'Orange'), ('red', 'Red'), ('pink', 'Pink'), ('purple', 'Purple'), ('slate', 'Slate')], default='slate', max_length=10, verbose_name='colour')),
                ('position', models.PositiveIntegerField(default=0)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='customer',
            name='rank',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.memberrank'),
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60, verbose_name='order number')),
                ('placed_at', models.DateTimeField(verbose_name='placed')),
                ('status', models.CharField(choices=[('placed', 'Placed'), ('preparing', 'Preparing'), ('shipped', 'Shipped'), ('delivered', 'Delivered'), ('completed', 'Completed'), ('cancelled', 'Cancelled'), ('returned', 'Returned')], max_length=10, verbose_name='status')),
                ('total', models.BigIntegerField(verbose_name='total')),
                ('unread_cells', models.JSONField(blank=True, default=dict)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='customers.customer')),
            ],
            options={
                'verbose_name': 'order',
                'verbose_name_plural': 'orders',
            },
        ),
        migrations.CreateModel(
            name='OrderStatusChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('placed', 'Placed'), ('preparing', 'Preparing'), ('shipped', 'Shipped'), ('delivered', 'Delivered'), ('completed', 'Completed'), ('cancelled', 'Cancelled'), ('returned', 'Returned')], max_length=10)),
                ('at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='status_changes', to='customers.order')),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('method', models.CharField(max_length=60, verbose_name='payment method')),
                ('status', models.CharField(choices=[('unpaid', 'Unpaid'), ('authorised', 'Authorised'), ('paid', 'Paid'), ('refunded', 'Refunded')], max_length=10)),
                ('paid_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='payment', to='customers.order')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sku', models.CharField(max_length=60, verbose_name='SKU')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('price', models.PositiveBigIntegerField(default=0, verbose_name='price')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
            ],
            options={
                'verbose_name': 'product',
                'verbose_name_plural': 'products',
            },
        ),
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('quantity', models.IntegerField(default=1)),
                ('unit_price', models.BigIntegerField(default=0)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='customers.order')),
                ('product', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.product')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='CartLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('sku', models.CharField(blank=True, max_length=60)),
                ('name', models.CharField(max_length=200)),
                ('quantity', models.PositiveIntegerField(default=1)),
                ('unit_price', models.PositiveBigIntegerField(default=0)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('cart', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='customers.cart')),
                ('product', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.product')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Shipment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('carrier', models.CharField(blank=True, max_length=60, verbose_name='carrier')),
                ('tracking_number', models.CharField(blank=True, max_length=60, verbose_name='tracking number')),
                ('shipped_at', models.DateTimeField(blank=True, null=True)),
                ('delivered_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='shipment', to='customers.order')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Store',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, verbose_name='code')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('kind', models.CharField(choices=[('ec', 'Online shop'), ('physical', 'Store')], default='ec', max_length=8, verbose_name='kind')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='phone')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
            ],
            options={
                'verbose_name': 'store',
                'verbose_name_plural': 'stores',
            },
        ),
        migrations.AddField(
            model_name='order',
            name='store',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.store'),
        ),
        migrations.AddField(
            model_name='cart',
            name='store',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.store'),
        ),
        migrations.CreateModel(
            name='AttributeDefinition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=40)),
                ('label', models.CharField(max_length=60, verbose_name='label')),
                ('kind', models.CharField(choices=[('text', 'Text'), ('number', 'Number'), ('date', 'Date'), ('choice', 'Choice')], default='text', max_length=8, verbose_name='kind')),
                ('options', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None)),
                ('position', models.PositiveIntegerField(default=0)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('account', 'key'), name='attribute_key_once')],
            },
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=customers.kinds.kind_choices, max_length=12, verbose_name='kind')),
                ('value', models.CharField(max_length=320)),
                ('raw', models.CharField(blank=True, max_length=320)),
                ('source', models.CharField(max_length=40, verbose_name='source')),
                ('state', models.CharField(choices=[('open', 'Stated'), ('proved', 'Proved'), ('refuted', 'Not theirs')], default='open', max_length=10)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='claims', to='customers.customer')),
                ('stated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.customer')),
            ],
            options={
                'verbose_name': 'claim',
                'verbose_name_plural': 'claims',
                'indexes': [models.Index(models.F('account'), models.F('kind'), django.contrib.postgres.indexes.OpClass('value', name='text_pattern_ops'), condition=models.Q(('state', 'open')), name='claim_prefix'), models.Index(models.F('account'), django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Reverse('value'), name='text_pattern_ops'), condition=models.Q(('kind', 'phone'), ('state', 'open')), name='claim_last_digits')],
                'constraints': [models.UniqueConstraint(fields=('customer', 'kind', 'value'), name='claim_once'), models.CheckConstraint(condition=models.Q(('value', ''), _negated=True), name='claim_not_empty')],
            },
        ),
        migrations.CreateModel(
            name='Identity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=customers.kinds.kind_choices, max_length=12, verbose_name='kind')),
                ('scope', models.CharField(blank=True, max_length=100)),
                ('value', models.CharField(max_length=320)),
                ('raw', models.CharField(blank=True, max_length=320)),
                ('verified', models.BooleanField(default=False, verbose_name='verified')),
                ('doubted_at', models.DateTimeField(blank=True, null=True, verbose_name='doubted since')),
                ('source', models.CharField(max_length=40, verbose_name='source')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='identities', to='customers.customer')),
            ],
            options={
                'verbose_name': 'identity',
                'verbose_name_plural': 'identities',
                'indexes': [models.Index(models.F('account'), models.F('kind'), django.contrib.postgres.indexes.OpClass('value', name='text_pattern_ops'), name='identity_prefix'), models.Index(models.F('account'), django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Reverse('value'), name='text_pattern_ops'), condition=models.Q(('kind', 'phone')), name='identity_last_digits')],
                'constraints': [models.UniqueConstraint(fields=('account', 'kind', 'scope', 'value'), name='identity_once'), models.CheckConstraint(condition=models.Q(('value', ''), _negated=True), name='identity_not_empty')],
            },
        ),
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('file_name', models.CharField(max_length=255, verbose_name='file')),
                ('encoding', models.CharField(blank=True, max_length=12)),
                ('status', models.CharField(choices=[('running', 'Running'), ('done', 'Done'), ('refused', 'Refused'), ('broken_off', 'Broken off')], default='running', max_length=10)),
                ('counts', models.JSONField(default=dict)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('started_at', models.DateTimeField(auto_now_add=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'indexes': [models.Index(fields=['account', '-started_at'], name='import_run_newest')],
            },
        ),
        migrations.CreateModel(
            name='ImportSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fillers', models.TextField(blank=True, max_length=4000, verbose_name='cells that say nothing')),
                ('shared_limit', models.PositiveSmallIntegerField(default=5, verbose_name='most people of one address')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clientaccount')),
            ],
            options={
                'verbose_name': 'import settings',
                'verbose_name_plural': 'import settings',
                'constraints': [models.UniqueConstraint(fields=('account',), name='import_settings_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='memberrank',
            constraint=models.UniqueConstraint(fields=('account', 'name'), name='rank_name_once'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['account', '-updated_at', '-id'], name='customer_recent'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(models.F('account'), django.contrib.postgres.indexes.OpClass('name_key', name='text_pattern_ops'), name='customer_name_key'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(models.F('account'), django.contrib.postgres.indexes.OpClass('kana_key', name='text_pattern_ops'), name='customer_kana_key'),
        ),
        migrations.AddConstraint(
            model_name='orderstatuschange',
            constraint=models.UniqueConstraint(fields=('order', 'status', 'at'), name='order_status_once'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.UniqueConstraint(fields=('account', 'sku'), name='product_sku_once'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.UniqueConstraint(fields=('order', 'position'), name='order_line_once'),
        ),
        migrations.AddConstraint(
            model_name='cartline',
            constraint=models.UniqueConstraint(fields=('cart', 'position'), name='cart_line_once'),
        ),
        migrations.AddConstraint(
            model_name='store',
            constraint=models.UniqueConstraint(fields=('account', 'code'), name='store_code_once'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['customer', '-placed_at', '-id'], name='order_newest'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(models.F('account'), django.contrib.postgres.indexes.OpClass(customers.models.order.OrderNumberKey('number'), name='text_pattern_ops'), name='order_number_key'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.UniqueConstraint(fields=('account', 'store', 'number'), name='order_number_once'),
        ),
    ]
