using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary>The manifest while it is being written.</summary>
/// <param name="executionContext">What the application is being built for.</param>
/// <param name="manifestPath">The path of the manifest file; paths in the manifest are relative to its directory.</param>
/// <param name="writer">The writer, positioned where the next value belongs.</param>
/// <param name="cancellationToken">Cancels the writing.</param>
public sealed partial class ManifestPublishingContext(
    DistributedApplicationExecutionContext executionContext,
    string manifestPath,
    Utf8JsonWriter writer,
    CancellationToken cancellationToken = default)
{
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    /// <summary>Gets the path of the manifest file.</summary>
    public string ManifestPath { get; } = manifestPath;

    /// <summary>Gets the writer, positioned inside the resource's object.</summary>
    public Utf8JsonWriter Writer { get; } = writer;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Makes a path relative to the manifest's directory, with forward slashes.</summary>
    /// <param name="path">A full path; <see langword="null"/> stays <see langword="null"/>.</param>
    public string? GetManifestRelativePath(string? path)
    {
        if (path is null)
        {
            return null;
        }

        var directory = Path.GetDirectoryName(Path.GetFullPath(ManifestPath))
            ?? throw new DistributedApplicationException("Could not get directory name of output path");
        var native = path.Replace('\\', Path.DirectorySeparatorChar).Replace('/', Path.DirectorySeparatorChar);
        return Path.GetRelativePath(directory, native).Replace('\\', '/');
    }

    /// <summary>Writes all resources, and those that only values refer to, such as generated passwords.</summary>
    internal async Task WriteModelAsync(DistributedApplicationModel model)
    {
        foreach (var resource in model.Resources)
        {
            _names.Add(resource.Name);
        }

        Writer.WriteStartObject();
        Writer.WriteStartObject("resources");

        foreach (var resource in model.Resources)
        {
            await WriteResourceAsync(resource);
        }

        // Writing one of these may refer to others, which are appended.
        var written = model.Resources.Select(resource => resource.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < _referenced.Count; i++)
        {
            if (written.Add(_referenced[i].Name))
            {
                await WriteResourceAsync(_referenced[i]);
            }
        }

        foreach (var parameter in _encodings.Keys.ToArray())
        {
            WriteEncodings(parameter);
        }

        Writer.WriteEndObject();
        Writer.WriteEndObject();
        await Writer.FlushAsync(CancellationToken);
    }

    private async Task WriteResourceAsync(IResource resource)
    {
        Func<Task>? write = resource switch
        {
            _ when resource.TryGetLastAnnotation<ManifestPublishingCallbackAnnotation>(out var own) =>
                own.Callback is { } callback ? () => callback(this) : null,
            ContainerResource container => () => WriteContainerAsync(container),
            ProjectResource project => () => WriteProjectAsync(project),
            ExecutableResource executable => () => WriteExecutableAsync(executable),
            ParameterResource parameter => () => WriteParameterAsync(parameter),
            IResourceWithConnectionString => () => WriteValueAsync(resource),
            _ => WriteUnsupportedAsync,
        };

        if (write is not null)
        {
            Writer.WriteStartObject(resource.Name);
            await write();
            Writer.WriteEndObject();
        }

        if (resource is ParameterResource written)
        {
            WriteEncodings(written);
        }
    }
}
