using MediaAspire.Core.Imaging;

namespace MediaAspire.Core.Images.Uploads;

/// <summary>The states of an upload.</summary>
public enum UploadState
{
    /// <summary>The upload does not exist, or has expired.</summary>
    Missing,
    Waiting,
    Done,
    Failed,

    /// <summary>The result was handed out before.</summary>
    Claimed,
}

/// <summary>The state of an upload, and its result.</summary>
/// <param name="State">The state.</param>
public sealed record UploadOutcome(UploadState State)
{
    /// <summary>Gets the alias of an upload that is done.</summary>
    public ImageAlias? Alias { get; init; }

    /// <summary>Gets the failure of an upload that has failed.</summary>
    public ImageFailure? Failure { get; init; }

    internal static UploadState Parse(string state) => state switch
    {
        "missing" => UploadState.Missing,
        "waiting" => UploadState.Waiting,
        "done" => UploadState.Done,
        "failed" => UploadState.Failed,
        "claimed" => UploadState.Claimed,
        _ => throw new System.Diagnostics.UnreachableException($"Unknown state '{state}' of an upload."),
    };
}

/// <summary>An upload that a worker makes an image of.</summary>
/// <param name="Wishes">What the request asked for.</param>
/// <param name="File">The file with the bytes, which the upload holds.</param>
public sealed record WaitingUpload(UploadWishes Wishes, Ids.FileId File);
