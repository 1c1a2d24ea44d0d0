using System.Text.Json.Serialization;

namespace MediaAspire.Core.Imaging;

/// <summary>One operation on a picture. The operations of a chain are applied in their order.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "step")]
[JsonDerivedType(typeof(Thumbnail), "thumbnail")]
[JsonDerivedType(typeof(Resize), "resize")]
[JsonDerivedType(typeof(CropToRatio), "cropToRatio")]
[JsonDerivedType(typeof(Blur), "blur")]
[JsonDerivedType(typeof(Sharpen), "sharpen")]
[JsonDerivedType(typeof(ResizeTo), "resizeTo")]
[JsonDerivedType(typeof(CropTo), "cropTo")]
[JsonDerivedType(typeof(Rotate), "rotate")]
[JsonDerivedType(typeof(Flip), "flip")]
[JsonDerivedType(typeof(Pad), "pad")]
[JsonDerivedType(typeof(Flatten), "flatten")]
public abstract record ImageStep
{
    private ImageStep()
    {
    }

    /// <summary>Shrinks to fit into a square, by the nearest pixels: fast, for small pictures. Never enlarges.</summary>
    /// <param name="Size">The side of the square, in pixels, from 1.</param>
    public sealed record Thumbnail(int Size) : ImageStep;

    /// <summary>Shrinks with a filter. Never enlarges.</summary>
    /// <param name="Size">
    /// The side of the square to fit into; with <paramref name="IsArea"/> the root of the pixel count to keep to.
    /// </param>
    /// <param name="Filter">How pixels are weighed.</param>
    /// <param name="IsArea">Whether the area is bounded instead of the sides.</param>
    public sealed record Resize(int Size, ResizeFilter Filter = ResizeFilter.Lanczos3, bool IsArea = false) : ImageStep;

    /// <summary>Cuts the largest centred rectangle of a ratio.</summary>
    /// <param name="Width">1 to 20.</param>
    /// <param name="Height">1 to 20.</param>
    public sealed record CropToRatio(int Width, int Height) : ImageStep;

    /// <summary>Blurs by a Gaussian.</summary>
    /// <param name="Sigma">Pixels, above 0 to 100.</param>
    public sealed record Blur(double Sigma) : ImageStep;

    /// <summary>Sharpens by an unsharp mask.</summary>
    /// <param name="Sigma">Pixels, above 0 to 10.</param>
    public sealed record Sharpen(double Sigma) : ImageStep;

    /// <summary>Scales to a box.</summary>
    /// <param name="Width">Pixels; <see langword="null"/> follows from the height.</param>
    /// <param name="Height">Pixels; <see langword="null"/> follows from the width.</param>
    /// <param name="Mode">What happens when the ratios differ.</param>
    /// <param name="Focus">What a crop keeps.</param>
    /// <param name="MayEnlarge">Whether smaller pictures grow.</param>
    public sealed record ResizeTo(int? Width, int? Height, ResizeMode Mode, FocusPoint Focus, bool MayEnlarge) : ImageStep;

    /// <summary>Cuts a rectangle. One that is larger than the picture is cut to it.</summary>
    /// <param name="Width">Pixels, from 1.</param>
    /// <param name="Height">Pixels, from 1.</param>
    /// <param name="Focus">What it keeps.</param>
    public sealed record CropTo(int Width, int Height, FocusPoint Focus) : ImageStep;

    /// <summary>Turns clockwise.</summary>
    /// <param name="Degrees">90, 180 or 270.</param>
    public sealed record Rotate(int Degrees) : ImageStep;

    /// <summary>Mirrors.</summary>
    public sealed record Flip(bool IsHorizontal, bool IsVertical) : ImageStep;

    /// <summary>Adds borders.</summary>
    /// <param name="Top">Pixels, from 0.</param>
    /// <param name="Right">Pixels, from 0.</param>
    /// <param name="Bottom">Pixels, from 0.</param>
    /// <param name="Left">Pixels, from 0.</param>
    public sealed record Pad(int Top, int Right, int Bottom, int Left) : ImageStep;

    /// <summary>Removes transparency.</summary>
    /// <param name="Rgb">The colour behind the picture, 0xRRGGBB.</param>
    public sealed record Flatten(int Rgb) : ImageStep;
}

/// <summary>The filters of <see cref="ImageStep.Resize"/>.</summary>
public enum ResizeFilter
{
    Lanczos3,
    Lanczos2,
    Mitchell,
    Robidoux,
    Triangle,
    Nearest,
}

/// <summary>The ways to scale a picture to a box of another ratio.</summary>
public enum ResizeMode
{
    /// <summary>The whole picture fits into the box.</summary>
    Fit,

    /// <summary>The picture fills the box, and is cut.</summary>
    Fill,

    /// <summary>The picture is stretched.</summary>
    Force,
}

/// <summary>The point of a picture that a crop keeps.</summary>
/// <param name="X">From 0, the left side, to 1.</param>
/// <param name="Y">From 0, the upper side, to 1.</param>
/// <param name="IsSmart">Whether the most interesting part is looked for instead.</param>
public readonly record struct FocusPoint(double X, double Y, bool IsSmart = false)
{
    public static FocusPoint Centre { get; } = new(0.5, 0.5);

    public static FocusPoint Smart { get; } = new(0.5, 0.5, IsSmart: true);
}
