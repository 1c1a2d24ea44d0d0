using System.Diagnostics.CodeAnalysis;

namespace MediaAspire.Core.Ids;

/// <summary>Identifies a resumable upload.</summary>
/// <param name="Value">The UUID; random when made by <see cref="New"/>, because addresses of uploads hold it.</param>
public readonly record struct UploadSessionId(Guid Value)
{
    public static UploadSessionId New() => new(RandomUuid.New());

    /// <summary>Parses 32 hexadecimal digits ("N").</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out UploadSessionId id)
    {
        var parsed = Guid.TryParseExact(text, "N", out var value);
        id = new UploadSessionId(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("N");
}
