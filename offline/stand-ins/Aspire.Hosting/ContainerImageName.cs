namespace Aspire.Hosting;

/// <summary>The parts of an image's name, such as <c>registry:5000/team/image:tag@sha256:digest</c>.</summary>
internal sealed record ContainerImageName(string? Registry, string Image, string? Tag, string? Digest)
{
    /// <exception cref="FormatException">The name has no image, or a digest other than SHA-256.</exception>
    public static ContainerImageName Parse(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);

        const string DigestMark = "@sha256:";
        var digestAt = name.IndexOf('@', StringComparison.Ordinal);
        if (digestAt >= 0 && !name[digestAt..].StartsWith(DigestMark, StringComparison.Ordinal))
        {
            throw new FormatException($"The image '{name}' has a digest other than SHA-256.");
        }

        var digest = digestAt < 0 ? null : name[(digestAt + DigestMark.Length)..];
        var rest = digestAt < 0 ? name : name[..digestAt];

        var tagAt = rest.LastIndexOf(':');
        var hasTag = tagAt > rest.LastIndexOf('/');
        var tag = hasTag && tagAt >= 0 ? rest[(tagAt + 1)..] : null;
        rest = tag is null ? rest : rest[..tagAt];

        // As Docker has it: a first part with a dot or a port, or localhost, is a registry.
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : rest[..slash];
        var hasRegistry = first == "localhost" || first.Contains('.', StringComparison.Ordinal) || first.Contains(':', StringComparison.Ordinal);

        var image = hasRegistry ? rest[(slash + 1)..] : rest;
        return image.Length == 0
            ? throw new FormatException($"'{name}' is no name of an image.")
            : new(hasRegistry ? first : null, image, tag, digest);
    }
}
