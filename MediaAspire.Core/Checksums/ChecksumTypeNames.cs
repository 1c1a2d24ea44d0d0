using System.Diagnostics;

namespace MediaAspire.Core.Checksums;

/// <summary>The names that S3 uses on the wire.</summary>
public static class ChecksumTypeNames
{
    extension(ChecksumType type)
    {
        /// <summary>Gets the name in XML and in <c>x-amz-checksum-type</c>.</summary>
        public string WireName => type switch
        {
            ChecksumType.FullObject => "FULL_OBJECT",
            ChecksumType.Composite => "COMPOSITE",
            _ => throw new UnreachableException($"There is no checksum type {type}."),
        };
    }

    /// <summary>Reads a type's name, in any case.</summary>
    public static bool TryParseType(ReadOnlySpan<char> name, out ChecksumType type)
    {
        type = name.Equals("COMPOSITE", StringComparison.OrdinalIgnoreCase) ? ChecksumType.Composite : ChecksumType.FullObject;
        return name.Equals(type.WireName, StringComparison.OrdinalIgnoreCase);
    }
}
