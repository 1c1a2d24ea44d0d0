namespace MediaAspire.Core.Uploads;

/// <summary>The progress of one append.</summary>
internal sealed class RunningAppend(UploadSession session, long term, long offset, AppendOptions wishes, long pieceBytes)
{
    public UploadSession Session => session;

    public long Term => term;

    public AppendOptions Wishes => wishes;

    /// <summary>Gets the offset after which no byte is accepted.</summary>
    public long Limit { get; } = Math.Min(
        session.Length ?? session.MaxLength, wishes.MaxBytes is { } most && most < long.MaxValue - offset ? offset + most : long.MaxValue);

    /// <summary>Gets or sets the offset after the bytes that have arrived.</summary>
    public long Arrived { get; set; } = offset;

    /// <summary>Gets or sets the offset after the bytes that are committed.</summary>
    public long Offset { get; set; } = offset;

    /// <summary>Gets or sets the hash of the bytes that have arrived; <see langword="null"/> when it is not known.</summary>
    public SessionHash? Hash { get; set; }

    /// <summary>Gets or sets the commit of the latest piece. Its result is the reason why the piece was refused, or null.</summary>
    public Task<string?> Committing { get; set; } = Task.FromResult<string?>(null);

    /// <summary>Gets or sets a value indicating whether the latest piece is the last one of the append.</summary>
    public bool IsLastHandedOn { get; set; }

    /// <summary>Gets or sets a value indicating whether the last commit has given the upload back.</summary>
    public bool HasEndedAppend { get; set; }

    /// <summary>Gets the most bytes of the next piece. An atomic append is one piece: all of it counts, or nothing.</summary>
    public long NextLimit => wishes.IsAtomic ? Limit - Arrived : Math.Min(pieceBytes, Limit - Arrived);
}
