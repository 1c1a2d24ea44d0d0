namespace MediaAspire.Worker.Imaging.Child;

/// <summary>Computes a ThumbHash: a blurred preview with its ratio and transparency, in about 25 bytes.</summary>
/// <remarks>The format is that of https://evanw.github.io/thumbhash/.</remarks>
internal static class ThumbHash
{
    /// <summary>The longest side of the pixels, in pixels.</summary>
    public const int MaxSide = 100;

    /// <summary>Computes the hash of pixels whose sides have at most <see cref="MaxSide"/>.</summary>
    public static byte[] Compute(PixelGrid pixels)
    {
        var (width, height, rgba) = pixels;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Max(width, height), MaxSide, nameof(pixels));
        var mean = Mean(rgba);
        var hasAlpha = mean.Alpha < width * height;

        // Luminance, yellow to blue, red to green, and alpha; transparent pixels have the mean colour behind them.
        var count = width * height;
        var (luminance, yellow, red, alpha) = (new double[count], new double[count], new double[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            var a = rgba[(4 * i) + 3] / 255.0;
            var r = (mean.Red * (1 - a)) + (a / 255 * rgba[4 * i]);
            var g = (mean.Green * (1 - a)) + (a / 255 * rgba[(4 * i) + 1]);
            var b = (mean.Blue * (1 - a)) + (a / 255 * rgba[(4 * i) + 2]);
            (luminance[i], yellow[i], red[i], alpha[i]) = ((r + g + b) / 3, ((r + g) / 2) - b, r - g, a);
        }

        var limit = hasAlpha ? 5 : 7;
        var across = Math.Max(1, Round((double)limit * width / Math.Max(width, height)));
        var down = Math.Max(1, Round((double)limit * height / Math.Max(width, height)));
        var l = Transform(luminance, width, height, Math.Max(3, across), Math.Max(3, down));
        var p = Transform(yellow, width, height, 3, 3);
        var q = Transform(red, width, height, 3, 3);
        var isLandscape = width > height;

        var header24 = Round(63 * l.Constant) | (Round(31.5 + (31.5 * p.Constant)) << 6) | (Round(31.5 + (31.5 * q.Constant)) << 12)
            | (Round(31 * l.Scale) << 18) | (hasAlpha ? 1 << 23 : 0);
        var header16 = (isLandscape ? down : across) | (Round(63 * p.Scale) << 3) | (Round(63 * q.Scale) << 9)
            | (isLandscape ? 1 << 15 : 0);
        List<byte> hash =
        [
            (byte)header24, (byte)(header24 >> 8), (byte)(header24 >> 16), (byte)header16, (byte)(header16 >> 8),
        ];
        IEnumerable<double> varying = [.. l.Varying, .. p.Varying, .. q.Varying];
        if (hasAlpha)
        {
            var a = Transform(alpha, width, height, 5, 5);
            hash.Add((byte)(Round(15 * a.Constant) | (Round(15 * a.Scale) << 4)));
            varying = varying.Concat(a.Varying);
        }

        // Two numbers a byte, the first in the lower half.
        foreach (var pair in varying.Select(value => Round(15 * value)).Chunk(2))
        {
            hash.Add((byte)(pair[0] | (pair.Length > 1 ? pair[1] << 4 : 0)));
        }

        return [.. hash];
    }

    private static (double Red, double Green, double Blue, double Alpha) Mean(byte[] rgba)
    {
        double red = 0, green = 0, blue = 0, alpha = 0;
        for (var i = 0; i < rgba.Length; i += 4)
        {
            var a = rgba[i + 3] / 255.0;
            red += a / 255 * rgba[i];
            green += a / 255 * rgba[i + 1];
            blue += a / 255 * rgba[i + 2];
            alpha += a;
        }

        return alpha > 0 ? (red / alpha, green / alpha, blue / alpha, alpha) : default;
    }

    // A cosine transform: the constant term, and the others scaled to 0 … 1.
    private static (double Constant, List<double> Varying, double Scale) Transform(
        double[] channel, int width, int height, int across, int down)
    {
        var constant = 0.0;
        var scale = 0.0;
        List<double> varying = [];
        var factors = new double[width];
        for (var cy = 0; cy < down; cy++)
        {
            for (var cx = 0; cx * down < across * (down - cy); cx++)
            {
                for (var x = 0; x < width; x++)
                {
                    factors[x] = Math.Cos(Math.PI / width * cx * (x + 0.5));
                }

                var sum = 0.0;
                for (var y = 0; y < height; y++)
                {
                    var factor = Math.Cos(Math.PI / height * cy * (y + 0.5));
                    for (var x = 0; x < width; x++)
                    {
                        sum += channel[x + (y * width)] * factors[x] * factor;
                    }
                }

                sum /= width * height;
                if (cx == 0 && cy == 0)
                {
                    constant = sum;
                }
                else
                {
                    varying.Add(sum);
                    scale = Math.Max(scale, Math.Abs(sum));
                }
            }
        }

        return (constant, scale > 0 ? varying.ConvertAll(value => 0.5 + (0.5 / scale * value)) : varying, scale);
    }

    private static int Round(double value) => (int)Math.Floor(value + 0.5);
}
