using System.Diagnostics;

namespace MediaAspire.Core.Checksums;

/// <summary>The names of the types on the wire of S3.</summary>
public static class ChecksumTypeNames
{
    extension(ChecksumType type)
    {
        /// <summary>Gets the name in XML and in <c>x-amz-checksum-type</c>.</summary>
        public string WireName => type switch
        {
            ChecksumType.FullObject => "FULL_OBJECT",
            ChecksumType.Composite => "COMPOSITE",
            _ => throw new UnreachableException($"Unknown checksum type {type}."),
        };
    }

    /// <summary>Parses a type's name, ignoring case.</summary>
    public static bool TryParseType(ReadOnlySpan<char> name, out ChecksumType type)
    {
        type = name.Equals("COMPOSITE", StringComparison.OrdinalIgnoreCase) ? ChecksumType.Composite : ChecksumType.FullObject;
        return name.Equals(type.WireName, StringComparison.OrdinalIgnoreCase);
    }
}
