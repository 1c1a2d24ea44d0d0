using System.Text.Json;

namespace FeedBuilder;

/// <summary>What a bundle's <c>deps.json</c> says of the packages that it was built from.</summary>
internal sealed class DependencyManifest(byte[] json)
{
    private readonly JsonElement _root = JsonElement.Parse(json);

    /// <summary>The asset of a package at exactly this version, or null for a package without one (a meta-package).</summary>
    /// <exception cref="InvalidDataException">The bundle was built from another version of the package, or from none.</exception>
    public PackageAsset? FindAsset(string id, string version)
    {
        // One target is for the framework, empty; the other for the platform.
        var target = _root.GetProperty("targets").EnumerateObject().Single(target => target.Value.EnumerateObject().Any()).Value;
        var prefix = id + "/";
        var library = target.EnumerateObject()
            .FirstOrDefault(library => library.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
        if (library.Value.ValueKind == JsonValueKind.Undefined)
        {
            throw new InvalidDataException($"The bundle was built without {id}.");
        }

        if (library.Name[prefix.Length..] != version)
        {
            throw new InvalidDataException($"The bundle carries {library.Name}, but {version} is asked for in Directory.Packages.props.");
        }

        if (!library.Value.TryGetProperty("runtime", out var runtime))
        {
            return null;
        }

        var asset = runtime.EnumerateObject().Single();
        return new PackageAsset(asset.Name, Version.Parse(asset.Value.GetProperty("assemblyVersion").GetString()!));
    }
}
