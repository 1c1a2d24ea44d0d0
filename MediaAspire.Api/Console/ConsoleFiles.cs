using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;

namespace MediaAspire.Api.Console;

/// <summary>The static files of the console, held in memory: a few hundred kilobytes.</summary>
internal sealed class ConsoleFiles
{
    /// <summary>The page, which every path without a file of its own shows: the application reads the path.</summary>
    public const string IndexName = "index.html";

    /// <summary>The folder of files whose names contain a hash of their content.</summary>
    public const string AssetsPrefix = "assets/";

    private const string Brotli = ".br";
    private const string Gzip = ".gz";
    private const string Placeholder = "MediaAspire.Api.Console.Placeholder.index.html";

    private static readonly FileExtensionContentTypeProvider s_types = new();

    private readonly FrozenDictionary<string, ConsoleFile> _files;

    private ConsoleFiles(Dictionary<string, ConsoleFile> files)
    {
        _files = files.ToFrozenDictionary(StringComparer.Ordinal);
        Index = _files[IndexName];
    }

    /// <summary>Gets the page.</summary>
    public ConsoleFile Index { get; }

    /// <summary>Reads the files of a directory; without a page there, a placeholder takes its place.</summary>
    /// <param name="directory">The output of the console's build. It need not exist.</param>
    public static ConsoleFiles Load(string directory)
    {
        if (!File.Exists(Path.Combine(directory, IndexName)))
        {
            return new(new() { [IndexName] = Make(IndexName, ReadPlaceholder()) });
        }

        var files = new Dictionary<string, ConsoleFile>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
        {
            if (!path.EndsWith(Brotli, StringComparison.Ordinal) && !path.EndsWith(Gzip, StringComparison.Ordinal))
            {
                var name = Path.GetRelativePath(directory, path).Replace(Path.DirectorySeparatorChar, '/');
                files[name] = Make(name, Read(path)) with
                {
                    Brotli = ReadIfThere(path + Brotli),
                    Gzip = ReadIfThere(path + Gzip),
                };
            }
        }

        return new(files);
    }

    /// <summary>Finds the file that a path shows.</summary>
    /// <param name="path">The path below <c>/console/</c>, decoded; <see langword="null"/> for the console itself.</param>
    /// <returns>The file; <see langword="null"/> for an asset that does not exist, for example one of an earlier version.</returns>
    public ConsoleFile? Find(string? path) =>
        path is null ? Index
        : _files.TryGetValue(path, out var file) ? file
        : path.StartsWith(AssetsPrefix, StringComparison.Ordinal) ? null
        : Index;

    private static ConsoleFile Make(string name, byte[] content) => new(
        s_types.TryGetContentType(name, out var type) ? WithCharset(type) : "application/octet-stream",
        name.StartsWith(AssetsPrefix, StringComparison.Ordinal),
        Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16)),
        content);

    private static string WithCharset(string type) =>
        type.StartsWith("text/", StringComparison.Ordinal) ? type + "; charset=utf-8" : type;

    private static byte[]? ReadIfThere(string path) => File.Exists(path) ? Read(path) : null;

    private static byte[] Read(string path)
    {
        using var stream = File.OpenRead(path);
        return Read(stream);
    }

    private static byte[] ReadPlaceholder()
    {
        using var stream = typeof(ConsoleFiles).Assembly.GetManifestResourceStream(Placeholder)!;
        return Read(stream);
    }

    private static byte[] Read(Stream stream)
    {
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
