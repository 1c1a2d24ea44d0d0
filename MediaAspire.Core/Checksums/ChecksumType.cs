namespace MediaAspire.Core.Checksums;

/// <summary>What a multipart object's checksum is computed over. The numbers are kept in tables and never change their meaning.</summary>
public enum ChecksumType
{
    /// <summary>Over all bytes of the object. An object that was put in one piece has no other.</summary>
    FullObject = 1,

    /// <summary>Over the concatenated checksums of its parts.</summary>
    Composite = 2,
}
