using System.Reflection;
using System.Runtime.CompilerServices;

namespace CraftKit.Edge.Tests.Catalog;

/// <summary>The memory of an object and of all that it refers to, as a 64-bit runtime lays it out: exact, whatever else the process does.</summary>
internal static class ReachableBytes
{
    /// <summary>An object's header and type; an array has its length as well.</summary>
    private const int ObjectHead = 16, ArrayHead = 24;

    private static readonly MethodInfo Size = typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!;
    private static readonly MethodInfo Refers = typeof(RuntimeHelpers).GetMethod(nameof(RuntimeHelpers.IsReferenceOrContainsReferences))!;

    /// <summary>Bytes of everything that can be reached from <paramref name="root"/>.</summary>
    public static long Of(object root)
    {
        var (bytes, seen, left) = (0L, new HashSet<object>(ReferenceEqualityComparer.Instance) { root }, new Stack<object>([root]));
        while (left.TryPop(out var found))
            bytes += found is Array array ? OfArray(array, Visit) : OfFields(found, found.GetType(), Visit) + ObjectHead;
        return bytes;

        void Visit(object? other)
        {
            if (other is not null && seen.Add(other))
                left.Push(other);
        }
    }

    private static long OfArray(Array array, Action<object?> visit)
    {
        var element = array.GetType().GetElementType()!;
        if (!element.IsValueType)
        {
            foreach (var item in array)
                visit(item);
        }
        else if (Ask<bool>(Refers, element))
        {
            foreach (var item in array)
                OfFields(item!, element, visit);
        }

        return ArrayHead + (array.LongLength * SizeOf(element));
    }

    private static long OfFields(object holder, Type type, Action<object?> visit)
    {
        var bytes = 0L;
        for (var level = type; level is not null; level = level.BaseType)
        {
            foreach (var field in level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                bytes += SizeOf(field.FieldType);
                if (!field.FieldType.IsValueType)
                    visit(field.GetValue(holder));
                else if (Ask<bool>(Refers, field.FieldType))
                    OfFields(field.GetValue(holder)!, field.FieldType, visit);
            }
        }

        return bytes;
    }

    private static int SizeOf(Type type) => type.IsValueType ? Ask<int>(Size, type) : IntPtr.Size;

    private static T Ask<T>(MethodInfo question, Type type) => (T)question.MakeGenericMethod(type).Invoke(null, null)!;
}
