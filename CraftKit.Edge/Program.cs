namespace CraftKit.Edge;

internal static class Program
{
    private static int Main()
    {
        Console.WriteLine("craftkit-edge");
        return 0;
    }
}
