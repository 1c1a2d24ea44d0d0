namespace MediaAspire.Tests.Faults;

public sealed class S3UploadPlanTests
{
    private const int MaxSize = 32 * 1024 * 1024;

    [Fact]
    public void Draw_SameSeed_SamePlans() => Assert.Equal(Draw(3), Draw(3));

    [Fact]
    public void Draw_MetByAll_EveryKind()
    {
        var plans = Draw(5);

        Assert.Contains(plans, plan => plan.Parts > 1 && plan.TruncatedPart > 0);
        Assert.Contains(plans, plan => plan.Parts > 1 && plan.IsAborted);
        Assert.Contains(plans, plan => plan.Parts > 1 && plan.HasWrongMd5);
        Assert.Contains(plans, plan => plan.Parts == 0 && plan.IsTruncated);
        Assert.Contains(plans, plan => plan.Parts == 0 && plan.HasWrongMd5 && !plan.IsTruncated);
        Assert.Contains(plans, plan => plan.Size == 0);
    }

    [Fact]
    public void PartAt_AllParts_MakeTheObjectAndAreLargeEnough()
    {
        foreach (var plan in Draw(7).Where(plan => plan.Parts > 0))
        {
            var end = 0;
            for (var number = 1; number <= plan.Parts; number++)
            {
                var (offset, length) = plan.PartAt(number);
                Assert.Equal(end, offset);
                Assert.True(length >= S3UploadPlan.MinPartBytes, $"{plan} {number}");
                end += length;
            }

            Assert.Equal(plan.Size, end);
        }
    }

    private static List<S3UploadPlan> Draw(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 1000).Select(_ => S3UploadPlan.Draw(random, MaxSize))];
    }
}
