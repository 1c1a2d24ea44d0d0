namespace MediaAspire.Core.Uploads;

/// <summary>The codes of failed uploads. They are part of the contract with clients.</summary>
public static class UploadFailureCodes
{
    /// <summary>The bytes do not have the declared SHA-256.</summary>
    public const string Sha256Mismatch = "upload-sha256-mismatch";

    /// <summary>The result does not fit into a quota.</summary>
    public const string QuotaExceeded = "quota-exceeded";

    /// <summary>The target does not exist any more, or does not accept the upload.</summary>
    public const string TargetRefused = "upload-target-refused";

    /// <summary>A condition on the target is not met.</summary>
    public const string PreconditionFailed = "precondition-failed";

    /// <summary>Making the result failed in every attempt.</summary>
    public const string CompletionFailed = "upload-completion-failed";
}
