namespace MediaAspire.Tests.Uploads;

/// <summary>A way to upload: a protocol, or the sessions themselves. Uploads that one door creates are known to all.</summary>
internal interface IUploadDoor
{
    /// <summary>Creates an upload of a file.</summary>
    Task<string> CreateAsync(long length);

    /// <summary>Sends a body to an upload, which may break off.</summary>
    /// <returns>The answer; <see langword="null"/> when none came.</returns>
    Task<DoorAnswer?> AppendAsync(string upload, long offset, Stream body);

    /// <summary>Asks for the offset, as a client does before it continues. An append that is under way ends.</summary>
    Task<long> AskOffsetAsync(string upload);

    /// <summary>Reads the file that the upload has become.</summary>
    Task<byte[]> ReadAsync(string upload);
}

/// <summary>The answer to an append.</summary>
/// <param name="IsAccepted">A value indicating whether the offset was right.</param>
/// <param name="Offset">The offset that was told.</param>
internal sealed record DoorAnswer(bool IsAccepted, long Offset);
