namespace MediaAspire.Worker.Imaging.Child;

/// <summary>Finds the colour that most pixels have, roughly.</summary>
internal static class DominantColour
{
    private const int BitsPerChannel = 4;
    private const int Shift = 8 - BitsPerChannel;

    /// <summary>Finds the mean of the pixels in the fullest of 4,096 cells of colours. Transparent pixels count less.</summary>
    /// <returns>The colour as <c>#rrggbb</c>; <see langword="null"/> if every pixel is transparent.</returns>
    public static string? Find(PixelGrid pixels)
    {
        var cells = new (long Weight, long Red, long Green, long Blue)[1 << (3 * BitsPerChannel)];
        for (var i = 0; i < pixels.Rgba.Length; i += 4)
        {
            var (red, green, blue, alpha) = (pixels.Rgba[i], pixels.Rgba[i + 1], pixels.Rgba[i + 2], pixels.Rgba[i + 3]);
            ref var cell = ref cells[
                (((red >> Shift) << (2 * BitsPerChannel)) | ((green >> Shift) << BitsPerChannel)) | (blue >> Shift)];
            cell.Weight += alpha;
            cell.Red += red * alpha;
            cell.Green += green * alpha;
            cell.Blue += blue * alpha;
        }

        var (weight, sumRed, sumGreen, sumBlue) = cells.MaxBy(cell => cell.Weight);
        return weight == 0
            ? null
            : $"#{Mean(sumRed, weight):x2}{Mean(sumGreen, weight):x2}{Mean(sumBlue, weight):x2}";
    }

    private static long Mean(long sum, long weight) => (sum + (weight / 2)) / weight;
}
