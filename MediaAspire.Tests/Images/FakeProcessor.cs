using System.Text;
using MediaAspire.Core.Images.Variants;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Tests.Images;

/// <summary>Takes texts for pictures: <c>width x height rest</c>, such as <c>3x2 first</c>. Others are unreadable.</summary>
internal sealed class FakeProcessor : IImageProcessor
{
    private int _probes;

    /// <summary>Gets the number of probes so far.</summary>
    public int Probes => _probes;

    /// <summary>Gets or sets an action before each probe; it may wait or throw.</summary>
    public Func<CancellationToken, Task> Before { get; set; } = _ => Task.CompletedTask;

    public async Task<ImageOutcome<ImageDetails>> ProbeAsync(string path, ImageLimits limits, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _probes);
        await Before(cancellationToken);
        var text = await File.ReadAllTextAsync(path, Encoding.UTF8, cancellationToken);
        var size = text.Split(' ')[0].Split('x');
        if (size.Length != 2 || !int.TryParse(size[0], out var width) || !int.TryParse(size[1], out var height))
        {
            return new(null, new("image-unreadable", "The content is not a picture."));
        }

        return width > limits.Picture.Width
            ? new(null, new("validate-width", $"The picture is {width} pixels wide; {limits.Picture.Width} are allowed."))
            : new(
                new ImageDetails
                {
                    Format = text.Contains("png", StringComparison.Ordinal) ? ImageFormat.Png : ImageFormat.Jpeg,
                    Width = width,
                    Height = height,
                    Frames = text.Contains("moving", StringComparison.Ordinal) ? 10 : 1,
                    BlurHash = text.Contains("blurless", StringComparison.Ordinal) ? null : "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
                },
                null);
    }

    public async Task<ImageOutcome<ImageDetails>> TransformAsync(
        string source, string destination, ImageRequest request, ImageLimits limits, CancellationToken cancellationToken)
    {
        var text = await File.ReadAllTextAsync(source, Encoding.UTF8, cancellationToken);
        await File.WriteAllTextAsync(destination, $"{text} as {VariantKey.Write(request)}", cancellationToken);
        return new(new ImageDetails { Format = request.Format, Width = 1, Height = 1 }, null);
    }
}
