using System.Collections.Concurrent;
using MediaAspire.Core.Images.Variants;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Tests.Images.Variants;

/// <summary>A processor that makes texts, and counts them. Thread-safe.</summary>
internal sealed class CountingProcessor : IImageProcessor
{
    private readonly ConcurrentDictionary<string, int> _runs = new(StringComparer.Ordinal);

    /// <summary>Gets or sets an action before a variant is made; it may wait, throw, or return what is wrong with the source.</summary>
    public Func<string, CancellationToken, Task<ImageFailure?>> Before { get; set; } = (_, _) => Task.FromResult<ImageFailure?>(null);

    /// <summary>Gets the number of runs for a key.</summary>
    public int RunsOf(string key) => _runs.GetValueOrDefault(key);

    public int Runs => _runs.Values.Sum();

    public Task<ImageOutcome<ImageDetails>> ProbeAsync(string path, ImageLimits limits, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public async Task<ImageOutcome<ImageDetails>> TransformAsync(
        string source, string destination, ImageRequest request, ImageLimits limits, CancellationToken cancellationToken)
    {
        var key = VariantKey.Write(request);
        _runs.AddOrUpdate(key, 1, (_, runs) => runs + 1);
        if (await Before(key, cancellationToken) is { } failure)
        {
            return new(null, failure);
        }

        await File.WriteAllTextAsync(destination, $"{await File.ReadAllTextAsync(source, cancellationToken)} as {key}", cancellationToken);
        return new(new ImageDetails { Format = request.Format, Width = 9, Height = 9 }, null);
    }
}
