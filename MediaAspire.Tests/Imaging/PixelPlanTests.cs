using MediaAspire.Core.Imaging;
using MediaAspire.Worker.Imaging.Child;

namespace MediaAspire.Tests.Imaging;

public sealed class PixelPlanTests
{
    public static TheoryData<ImageStep, int, int> Sizes => new()
    {
        { new ImageStep.Resize(320), 320, 240 },
        { new ImageStep.Resize(5000), 1600, 1200 },
        { new ImageStep.Resize(400, ResizeFilter.Mitchell, IsArea: true), 462, 346 },
        { new ImageStep.Thumbnail(100), 100, 75 },
        { new ImageStep.CropToRatio(1, 1), 1200, 1200 },
        { new ImageStep.CropToRatio(16, 9), 1600, 900 },
        { new ImageStep.CropToRatio(1, 20), 60, 1200 },
        { new ImageStep.Blur(3), 1600, 1200 },
        { new ImageStep.Rotate(90), 1200, 1600 },
        { new ImageStep.Rotate(180), 1600, 1200 },
        { new ImageStep.Pad(1, 2, 3, 4), 1606, 1204 },
        { new ImageStep.CropTo(200, 5000, FocusPoint.Centre), 200, 1200 },
        { new ImageStep.ResizeTo(300, null, ResizeMode.Fit, FocusPoint.Centre, false), 300, 225 },
        { new ImageStep.ResizeTo(null, 300, ResizeMode.Fill, FocusPoint.Centre, false), 400, 300 },
        { new ImageStep.ResizeTo(300, 300, ResizeMode.Fit, FocusPoint.Centre, false), 300, 225 },
        { new ImageStep.ResizeTo(300, 300, ResizeMode.Fill, FocusPoint.Centre, false), 300, 300 },
        { new ImageStep.ResizeTo(300, 300, ResizeMode.Force, FocusPoint.Centre, false), 300, 300 },
        { new ImageStep.ResizeTo(3200, 3200, ResizeMode.Fit, FocusPoint.Centre, false), 1600, 1200 },
        { new ImageStep.ResizeTo(3200, 3200, ResizeMode.Fit, FocusPoint.Centre, true), 3200, 2400 },
        { new ImageStep.ResizeTo(2000, 600, ResizeMode.Fill, FocusPoint.Centre, false), 1600, 600 },
        { new ImageStep.ResizeTo(2000, 600, ResizeMode.Force, FocusPoint.Centre, false), 1600, 600 },
        { new ImageStep.ResizeTo(null, null, ResizeMode.Fit, FocusPoint.Centre, true), 1600, 1200 },
        { new ImageStep.ResizeTo(1, 1, ResizeMode.Fit, FocusPoint.Centre, true), 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Make_Step_HasTheSizeThatFollows(ImageStep step, int width, int height)
    {
        var plan = PixelPlan.Make(1600, 1200, [step]);

        Assert.Equal((width, height), (plan.Width, plan.Height));
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(1, 1, 1400, 1000)]
    [InlineData(0.5, 0.5, 700, 500)]
    [InlineData(0.25, 0.9, 300, 980)]
    public void Make_Crop_KeepsTheFocusInTheMiddleWhereTheSidesAllowIt(double x, double y, int left, int top)
    {
        var plan = PixelPlan.Make(1600, 1200, [new ImageStep.CropTo(200, 200, new FocusPoint(x, y))]);

        Assert.Equal(new PixelOperation.Crop(left, top, 200, 200), Assert.Single(plan.Operations));
    }

    [Fact]
    public void Make_Steps_AreAppliedInTheirOrder()
    {
        var cropFirst = PixelPlan.Make(1600, 1200, [new ImageStep.CropToRatio(1, 1), new ImageStep.Resize(300)]);
        var cropLast = PixelPlan.Make(1600, 1200, [new ImageStep.Resize(300), new ImageStep.CropToRatio(1, 1)]);

        Assert.Equal((300, 300), (cropFirst.Width, cropFirst.Height));
        Assert.Equal((225, 225), (cropLast.Width, cropLast.Height));
    }

    [Fact]
    public void Make_EnormousResult_IsSeenByTheLimitsInsteadOfOverflowing()
    {
        var plan = PixelPlan.Make(1, 10_000,
        [
            new ImageStep.ResizeTo(int.MaxValue, null, ResizeMode.Fit, FocusPoint.Centre, MayEnlarge: true),
            new ImageStep.Pad(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue),
        ]);

        Assert.All(plan.Sizes, size => Assert.True(size is { Width: > 0, Height: > 0 }));
        Assert.Equal("validate-width", new ImageLimits().FailureOf(ImageFormat.Png, plan.Width, plan.Height, 1)?.Code);
    }

    [Fact]
    public void Make_LargeOnTheWay_IsRemembered()
    {
        var plan = PixelPlan.Make(100, 100,
        [
            new ImageStep.ResizeTo(9000, 9000, ResizeMode.Force, FocusPoint.Centre, MayEnlarge: true), new ImageStep.Resize(10),
        ]);

        Assert.Equal([(100, 100), (9000, 9000), (10, 10)], plan.Sizes);
    }
}
