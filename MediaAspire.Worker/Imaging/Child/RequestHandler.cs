using MediaAspire.Core.Imaging;
using MediaAspire.Worker.Imaging.Protocol;
using NetVips;

namespace MediaAspire.Worker.Imaging.Child;

/// <summary>Does the work of a request.</summary>
internal static class RequestHandler
{
    // Enough for both hashes, and for the dominant colour.
    private static readonly ImageStep s_preview = new ImageStep.ResizeTo(
        ThumbHash.MaxSide, ThumbHash.MaxSide, ResizeMode.Fit, FocusPoint.Centre, MayEnlarge: false);

    public static ProcessResponse Handle(ProcessRequest request)
    {
        var opened = PictureLoader.Open(request.Source, request.Format);
        var header = PictureHeader.Read(opened, request.Format);
        if (request.Limits.FailureOf(request.Format, header.ShownWidth, header.ShownHeight, header.Frames) is { } failure)
        {
            return new ProcessResponse { Failure = failure };
        }

        return request is { Destination: { } destination, Variant: { } variant }
            ? Transform(request, destination, variant, opened, header)
            : Describe(request, opened, header);
    }

    private static ProcessResponse Describe(ProcessRequest request, Image opened, PictureHeader header)
    {
        var editor = new PictureEditor(PixelPlan.Make(header.ShownWidth, header.ShownHeight, [s_preview]), header);
        var preview = PixelGrid.Copy(editor.Edit(Read(request, opened, editor), isSequential: true));
        return new ProcessResponse
        {
            Details = new ImageDetails
            {
                Format = request.Format,
                Width = header.ShownWidth,
                Height = header.ShownHeight,
                Frames = header.Frames,
                Duration = header.Duration,
                HasAlpha = header.HasAlpha,
                ThumbHash = Convert.ToBase64String(ThumbHash.Compute(preview)),
                BlurHash = BlurHash.Compute(preview, 4, 3),
                DominantColour = DominantColour.Find(preview),
            },
        };
    }

    private static ProcessResponse Transform(
        ProcessRequest request, string destination, ImageRequest variant, Image opened, PictureHeader header)
    {
        // A PNG with one frame is an APNG.
        var isAnimation = header.Frames > 1 && !variant.TakesOneFrame
            && variant.Format is ImageFormat.Gif or ImageFormat.Webp or ImageFormat.Apng;
        header = isAnimation ? header : header with { Frames = 1, Delays = [] };
        var plan = PixelPlan.Make(header.ShownWidth, header.ShownHeight, variant.Steps);
        if (FailureOf(plan, request, variant.Format, header.Frames) is { } failure)
        {
            return new ProcessResponse { Failure = failure };
        }

        var editor = new PictureEditor(plan, header);
        Image image;
        if (isAnimation)
        {
            var access = editor.NeedsRandomAccess ? Enums.Access.Random : Enums.Access.Sequential;
            var frames = Animation.Split(PictureLoader.Open(request.Source, request.Format, frames: -1, access: access), header);
            Image[] edited = [.. frames.Select(frame => editor.Edit(frame, isSequential: false))];
            image = PictureEncoder.Fit(Animation.Join(edited, header), variant.Format);
            if (variant.Format == ImageFormat.Apng)
            {
                var size = header with { Width = plan.Width, Height = plan.Height };
                AnimatedPng.Write(destination, Animation.Split(image, size), header);
            }
            else
            {
                PictureEncoder.Write(image, destination, variant.Format, variant.Quality);
            }
        }
        else
        {
            image = PictureEncoder.Fit(editor.Edit(Read(request, opened, editor), isSequential: true), variant.Format);
            if (variant is { HasAutomaticQuality: true, Quality: null } && PictureEncoder.IsLossy(variant.Format))
            {
                image = image.CopyMemory();
                File.WriteAllBytes(destination, AutomaticQuality.Encode(image, variant.Format).Encoded);
            }
            else
            {
                var format = variant.Format == ImageFormat.Apng ? ImageFormat.Png : variant.Format;
                PictureEncoder.Write(image, destination, format, variant.Quality);
            }
        }

        return new ProcessResponse
        {
            Details = new ImageDetails
            {
                Format = variant.Format,
                Width = plan.Width,
                Height = plan.Height,
                Frames = header.Frames,
                Duration = header.Duration,
                HasAlpha = image.HasAlpha(),
            },
        };
    }

    // The header has been read already; only another size needs another reader.
    private static Image Read(ProcessRequest request, Image opened, PictureEditor editor)
    {
        var shrink = editor.FindShrinkOnLoad(request.Format);
        return shrink == 1 ? opened : PictureLoader.Open(request.Source, request.Format, shrink: shrink);
    }

    private static ImageFailure? FailureOf(PixelPlan plan, ProcessRequest request, ImageFormat format, int frames)
    {
        var longest = PictureEncoder.LongestSide(format);
        return Math.Max(plan.Width, plan.Height) > longest
            ? new ImageFailure(
                "validate-width",
                $"The result would have {plan.Width} × {plan.Height} pixels; the longest side of "
                + $"'{ImageFormats.ExtensionOf(format)}' is {longest}.")
            : plan.Sizes.Select(size => request.Limits.FailureOf(request.Format, size.Width, size.Height, frames))
                .FirstOrDefault(failure => failure is not null);
    }
}
