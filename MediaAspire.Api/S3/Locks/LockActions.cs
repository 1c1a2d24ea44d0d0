namespace MediaAspire.Api.S3.Locks;

/// <summary>The names of the actions on locks in policies.</summary>
internal static class LockActions
{
    public const string GetRetention = "s3:GetObjectRetention";
    public const string PutRetention = "s3:PutObjectRetention";
    public const string GetLegalHold = "s3:GetObjectLegalHold";
    public const string PutLegalHold = "s3:PutObjectLegalHold";
    public const string BypassGovernance = "s3:BypassGovernanceRetention";
    public const string GetConfiguration = "s3:GetBucketObjectLockConfiguration";
    public const string PutConfiguration = "s3:PutBucketObjectLockConfiguration";
}
