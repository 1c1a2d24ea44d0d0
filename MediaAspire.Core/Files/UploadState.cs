namespace MediaAspire.Core.Files;

/// <summary>A stage in the life of a <see cref="FileUpload"/>.</summary>
internal enum UploadStage
{
    /// <summary>No byte has been sent, and PostgreSQL has no row of the file.</summary>
    New,

    /// <summary>Chunks are being sent. The file's rows and its session are recorded, or may be.</summary>
    SendingChunks,

    /// <summary>The only run of a short file is being sent. PostgreSQL has no row of it.</summary>
    SendingShort,

    /// <summary>The body had no bytes. Nothing has been sent or recorded.</summary>
    WrittenEmpty,

    /// <summary>Every chunk has been sent, and the rows are recorded.</summary>
    WrittenChunks,

    /// <summary>The only chunk of a short file has been sent. PostgreSQL has no row of it.</summary>
    WrittenShort,

    /// <summary>The response to the commit of a short file was lost: the file may be visible.</summary>
    Unknown,

    /// <summary>The file is visible.</summary>
    Committed,
}

/// <summary>The stage of one upload, and the transitions between stages. Illegal ones throw.</summary>
internal sealed class UploadState
{
    public UploadStage Stage { get; private set; } = UploadStage.New;

    /// <summary>Gets a value indicating whether the file is sent as one run and recorded by its commit only.</summary>
    public bool IsShort => Stage is UploadStage.SendingShort or UploadStage.WrittenShort;

    /// <summary>Gets a value indicating whether PostgreSQL has rows of the unfinished file, or may have.</summary>
    public bool IsRecorded => Stage is UploadStage.SendingChunks or UploadStage.WrittenChunks;

    /// <summary>Throws unless nothing has been written yet.</summary>
    /// <exception cref="InvalidOperationException">The file has been written, or writing it failed.</exception>
    public void RequireNew()
    {
        if (Stage != UploadStage.New)
        {
            throw new InvalidOperationException($"A file is written once; this upload is {Stage}.");
        }
    }

    /// <summary>Throws unless the file can be committed.</summary>
    /// <exception cref="InvalidOperationException">Writing has not returned, or a commit has ended the upload.</exception>
    public void RequireWritten()
    {
        if (Stage is not (UploadStage.WrittenEmpty or UploadStage.WrittenChunks or UploadStage.WrittenShort))
        {
            throw new InvalidOperationException(
                $"A file is committed once, after {nameof(FileUpload.WriteAsync)} has returned; this upload is {Stage}.");
        }
    }

    /// <summary>Enters the sending of chunks; call it before the rows are recorded, because their answer may be lost.</summary>
    public void BeginChunks() => Stage = Stage == UploadStage.New ? UploadStage.SendingChunks : throw Illegal(nameof(BeginChunks));

    /// <summary>Enters the sending of a short file.</summary>
    public void BeginShort() => Stage = Stage == UploadStage.New ? UploadStage.SendingShort : throw Illegal(nameof(BeginShort));

    /// <summary>Ends the writing.</summary>
    public void EndWriting() => Stage = Stage switch
    {
        UploadStage.New => UploadStage.WrittenEmpty,
        UploadStage.SendingChunks => UploadStage.WrittenChunks,
        UploadStage.SendingShort => UploadStage.WrittenShort,
        _ => throw Illegal(nameof(EndWriting)),
    };

    /// <summary>Notes that the rows of an empty file are recorded.</summary>
    public void RecordEmpty() => Stage = Stage == UploadStage.WrittenEmpty ? UploadStage.WrittenChunks : throw Illegal(nameof(RecordEmpty));

    /// <summary>Records that the outcome of a short file's commit is unknown, because its response was lost.</summary>
    public void MarkUnknown() => Stage = Stage == UploadStage.WrittenShort ? UploadStage.Unknown : throw Illegal(nameof(MarkUnknown));

    /// <summary>Notes that the file is visible.</summary>
    public void Commit() =>
        Stage = Stage is UploadStage.WrittenChunks or UploadStage.WrittenShort ? UploadStage.Committed : throw Illegal(nameof(Commit));

    private InvalidOperationException Illegal(string transition) => new($"{transition} is not a transition of an upload that is {Stage}.");
}
