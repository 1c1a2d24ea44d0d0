namespace MediaAspire.Worker.Imaging.Child;

/// <summary>Computes a BlurHash: a blurred preview as a short text.</summary>
/// <remarks>The format is that of https://github.com/woltapp/blurhash/blob/master/Algorithm.md.</remarks>
internal static class BlurHash
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

    /// <summary>Computes the hash; alpha is ignored.</summary>
    /// <param name="pixels">The pixels; few are enough.</param>
    /// <param name="across">The number of components across, 1 to 9.</param>
    /// <param name="down">The number of components down, 1 to 9.</param>
    public static string Compute(PixelGrid pixels, int across, int down)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(across, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(across, 9);
        ArgumentOutOfRangeException.ThrowIfLessThan(down, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(down, 9);

        var components = new (double Red, double Green, double Blue)[across * down];
        var linear = Array.ConvertAll(pixels.Rgba, ToLinear);
        for (var i = 0; i < components.Length; i++)
        {
            components[i] = Component(pixels.Width, pixels.Height, linear, i % across, i / across);
        }

        Span<char> hash = stackalloc char[4 + (2 * components.Length)];
        Write(hash[..1], across - 1 + ((down - 1) * 9));
        var largest = components.Skip(1).Select(c => Math.Max(c.Red, Math.Max(c.Green, c.Blue))).DefaultIfEmpty(0).Max();
        var quantized = components.Length == 1 ? 0 : Math.Clamp((int)Math.Floor((largest * 166) - 0.5), 0, 82);
        var scale = components.Length == 1 ? 1 : (quantized + 1) / 166.0;
        Write(hash[1..2], quantized);
        Write(hash[2..6], (ToByte(components[0].Red) << 16) + (ToByte(components[0].Green) << 8) + ToByte(components[0].Blue));
        for (var i = 1; i < components.Length; i++)
        {
            var (red, green, blue) = components[i];
            Write(hash.Slice(4 + (2 * i), 2), (((Quantize(red / scale) * 19) + Quantize(green / scale)) * 19) + Quantize(blue / scale));
        }

        return new string(hash);
    }

    private static (double Red, double Green, double Blue) Component(int width, int height, double[] linear, int cx, int cy)
    {
        double red = 0, green = 0, blue = 0;
        for (var y = 0; y < height; y++)
        {
            var factorY = Math.Cos(Math.PI * cy * y / height);
            for (var x = 0; x < width; x++)
            {
                var factor = factorY * Math.Cos(Math.PI * cx * x / width);
                var at = 4 * (x + (y * width));
                red += factor * linear[at];
                green += factor * linear[at + 1];
                blue += factor * linear[at + 2];
            }
        }

        var scale = (cx == 0 && cy == 0 ? 1.0 : 2.0) / (width * height);
        return (red * scale, green * scale, blue * scale);
    }

    private static int Quantize(double value) =>
        Math.Clamp((int)Math.Floor((Math.CopySign(Math.Sqrt(Math.Abs(value)), value) * 9) + 9.5), 0, 18);

    private static double ToLinear(byte value)
    {
        var part = value / 255.0;
        return part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
    }

    private static int ToByte(double value)
    {
        var part = Math.Clamp(value, 0, 1);
        return (int)((part <= 0.0031308 ? part * 12.92 * 255 : ((1.055 * Math.Pow(part, 1 / 2.4)) - 0.055) * 255) + 0.5);
    }

    private static void Write(Span<char> text, int value)
    {
        for (var i = text.Length - 1; i >= 0; i--)
        {
            text[i] = Digits[value % Digits.Length];
            value /= Digits.Length;
        }
    }
}
