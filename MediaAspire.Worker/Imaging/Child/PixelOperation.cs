using MediaAspire.Core.Imaging;

namespace MediaAspire.Worker.Imaging.Child;

/// <summary>A step with all its numbers known.</summary>
internal abstract record PixelOperation
{
    private PixelOperation()
    {
    }

    public sealed record Scale(int Width, int Height, ResizeFilter Filter) : PixelOperation;

    public sealed record Crop(int Left, int Top, int Width, int Height) : PixelOperation;

    public sealed record SmartCrop(int Width, int Height) : PixelOperation;

    public sealed record Blur(double Sigma) : PixelOperation;

    public sealed record Sharpen(double Sigma) : PixelOperation;

    public sealed record Turn(int Degrees) : PixelOperation;

    public sealed record Mirror(bool IsHorizontal, bool IsVertical) : PixelOperation;

    public sealed record Border(int Top, int Right, int Bottom, int Left) : PixelOperation;

    public sealed record Fill(int Rgb) : PixelOperation;
}
