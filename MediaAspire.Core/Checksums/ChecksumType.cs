namespace MediaAspire.Core.Checksums;

/// <summary>The kind of a multipart object's checksum. The numbers are stored in tables and never change their meaning.</summary>
public enum ChecksumType
{
    /// <summary>Over all bytes of the object. The only kind for an object that was put in one piece.</summary>
    FullObject = 1,

    /// <summary>Over the concatenated checksums of its parts.</summary>
    Composite = 2,
}
