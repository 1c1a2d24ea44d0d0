using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Names volumes so that two AppHosts do not share one by accident.</summary>
public static class VolumeNameGenerator
{
    private const int ShaLength = 10;

    /// <summary>Makes a name of the AppHost, its path, the resource and a suffix.</summary>
    /// <exception cref="ArgumentException">The suffix has characters that volumes cannot have.</exception>
    public static string Generate<T>(IResourceBuilder<T> builder, string suffix)
        where T : IResource
    {
        if (suffix.Any(c => !IsAllowed(c)))
        {
            throw new ArgumentException($"The suffix '{suffix}' has characters that are invalid in a volume name.", nameof(suffix));
        }

        var environment = builder.ApplicationBuilder.Environment.ApplicationName;
        var sha = builder.ApplicationBuilder.Configuration["AppHost:Sha256"] ?? "";
        var prefix = new string([.. environment.Select(c => IsAllowed(c) ? char.ToLowerInvariant(c) : '_')]);
        return $"{prefix}-{sha[..Math.Min(ShaLength, sha.Length)].ToLowerInvariant()}-{builder.Resource.Name}-{suffix}";
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-';
}
