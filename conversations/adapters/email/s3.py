"""Mail that Amazon has put into a bucket, and only told us of."""

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import (  # type: ignore[import-untyped]
    BotoCoreError,
    ClientError,
)

from conversations.adapters.email.setting import Setting

_LARGEST = 40 * 1024 * 1024  # bytes: Amazon takes none larger
# Amazon SNS waits fifteen seconds for our answer.
_QUICKLY = Config(connect_timeout=3, read_timeout=8, retries={"total_max_attempts": 1})


class NotFetchedError(Exception):
    """With Amazon's reason."""


def stored_mail(settings: Setting, bucket: str, key: str) -> bytes:
    """Raises NotFetchedError."""
    session = boto3.session.Session(
        aws_access_key_id=settings["access_key_id"],
        aws_secret_access_key=settings.secret("secret_access_key"),
        region_name=settings["region"] or "us-east-1",
    )
    client = session.client(
        "s3", config=_QUICKLY, endpoint_url=settings.connection.api or None
    )
    try:
        found = client.get_object(Bucket=bucket, Key=key)
        if found["ContentLength"] > _LARGEST:
            raise NotFetchedError("EntityTooLarge")
        return bytes(found["Body"].read())
    except ClientError as error:
        raise NotFetchedError(error.response["Error"]["Code"]) from error
    except BotoCoreError as error:
        raise NotFetchedError(type(error).__name__) from error
