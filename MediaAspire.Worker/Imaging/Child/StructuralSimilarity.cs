namespace MediaAspire.Worker.Imaging.Child;

/// <summary>Compares pictures by structural similarity (SSIM), which follows the eye better than the difference of pixels.</summary>
internal static class StructuralSimilarity
{
    private const int Side = 8;
    private const int Pixels = Side * Side;

    // More say no more.
    private const int MaxWindows = 20_000;

    // Of the paper: (0.01 × 255)² and (0.03 × 255)².
    private const double C1 = 6.5025;
    private const double C2 = 58.5225;

    /// <summary>Computes the mean over windows of 8 × 8 pixels, spread evenly.</summary>
    /// <param name="first">Grey values, row by row.</param>
    /// <param name="second">Grey values, row by row.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <returns>1 for the same pictures, less for others.</returns>
    public static double Compute(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, int width, int height)
    {
        if (width < Side || height < Side)
        {
            return first.SequenceEqual(second) ? 1 : 0;
        }

        var step = Math.Max(Side / 2, (int)Math.Ceiling(Math.Sqrt((double)width * height / MaxWindows)));
        var sum = 0.0;
        var count = 0;
        for (var top = 0; top + Side <= height; top += step)
        {
            for (var left = 0; left + Side <= width; left += step)
            {
                sum += Window(first, second, width, left, top);
                count++;
            }
        }

        return sum / count;
    }

    private static double Window(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, int width, int left, int top)
    {
        int sumA = 0, sumB = 0, squareA = 0, squareB = 0, product = 0;
        for (var y = top; y < top + Side; y++)
        {
            var rowA = first.Slice((y * width) + left, Side);
            var rowB = second.Slice((y * width) + left, Side);
            for (var x = 0; x < Side; x++)
            {
                int a = rowA[x], b = rowB[x];
                sumA += a;
                sumB += b;
                squareA += a * a;
                squareB += b * b;
                product += a * b;
            }
        }

        double meanA = (double)sumA / Pixels, meanB = (double)sumB / Pixels;
        var varianceA = ((double)squareA / Pixels) - (meanA * meanA);
        var varianceB = ((double)squareB / Pixels) - (meanB * meanB);
        var covariance = ((double)product / Pixels) - (meanA * meanB);
        return ((2 * meanA * meanB) + C1) * ((2 * covariance) + C2)
            / (((meanA * meanA) + (meanB * meanB) + C1) * (varianceA + varianceB + C2));
    }
}
